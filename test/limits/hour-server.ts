import type {HttpResult} from '../../src/http/http-result.ts';
import {empty} from '../api/responses.ts';

const hour = 3_600_000;

export type HourWindow = 'fixed' | 'clock' | 'sliding';

export interface HourServerOptions {
  window: HourWindow;
  perHour: number;
  /** Whether a 429 says how long to wait. */
  retryAfter: boolean;
  /** Whether answers carry the limits. */
  headers: boolean;
  /** Another client of the same application sends a request so often (ms). */
  otherEvery?: number;
}

/** The API's counter of an hour, in each of the forms that it may have. Times in ms since 1970. */
export class HourServer {
  readonly admitted: number[] = [];
  readonly refused: number[] = [];
  readonly #options: HourServerOptions;
  #taken: number[] = [];
  #windowStart = -Infinity;
  #nextOther: number;

  constructor(options: HourServerOptions, start: number) {
    this.#options = options;
    this.#nextOther = options.otherEvery === undefined ? Infinity : start - 7 * options.otherEvery;
  }

  /** One request of ours. */
  arrive(now: number): HttpResult {
    this.#others(now);
    const isAdmitted = this.#take(now);
    (isAdmitted ? this.admitted : this.refused).push(now);
    const headers: Record<string, string> = {date: new Date(now).toUTCString()};
    const {perHour, retryAfter, headers: speaks} = this.#options;
    if (speaks) {
      headers['x-hourly-ratelimit-limit'] = String(perHour);
      headers['x-hourly-ratelimit-remaining'] = String(perHour - this.#taken.length);
      headers['x-secondly-ratelimit-limit'] = '2';
    }
    if (!isAdmitted && retryAfter) headers['retry-after'] = String(Math.ceil((this.#opensAt() - now) / 1000));
    return empty(isAdmitted ? 200 : 429, headers);
  }

  /** When a request of ours would be admitted, if it came at `now` or later. */
  admitsFrom(now: number): number {
    this.#others(now);
    this.#expire(now);
    return this.#taken.length < this.#options.perHour ? now : this.#opensAt();
  }

  #others(now: number): void {
    while (this.#nextOther <= now) {
      this.#take(this.#nextOther);
      this.#nextOther += this.#options.otherEvery ?? Infinity;
    }
  }

  #take(now: number): boolean {
    this.#expire(now);
    if (this.#taken.length >= this.#options.perHour) return false;
    if (this.#options.window === 'fixed' && this.#taken.length === 0) this.#windowStart = now;
    this.#taken.push(now);
    return true;
  }

  #expire(now: number): void {
    switch (this.#options.window) {
      case 'sliding':
        while ((this.#taken[0] ?? Infinity) <= now - hour) this.#taken.shift();
        return;
      case 'fixed':
        if (now >= this.#windowStart + hour) this.#taken = [];
        return;
      case 'clock':
        if (now >= this.#windowStart + hour)
          [this.#taken, this.#windowStart] = [[], Math.floor(now / hour) * hour];
        return;
    }
  }

  #opensAt(): number {
    return this.#options.window === 'sliding' ? (this.#taken[0] ?? 0) + hour : this.#windowStart + hour;
  }
}

/** What a client that knew the server's counter would get through between two moments, one request each 500 ms. */
export function idealOf(options: HourServerOptions, start: number, end: number): number {
  const server = new HourServer(options, start);
  let now = start;
  while (now < end) {
    const at = server.admitsFrom(now);
    if (at > now) {
      // The other client may be there first, so look again then.
      now = at;
      continue;
    }
    server.arrive(now);
    now += 500;
  }
  return server.admitted.length;
}

/** Most of the moments that lie in any one hour. */
export function maxInAnHour(moments: readonly number[]): number {
  return Math.max(
    0,
    ...moments.map((from, at) => moments.slice(at).filter((each) => each < from + hour).length),
  );
}
