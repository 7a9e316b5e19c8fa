import {type Clock, type Instant, instant, surelyElapsed} from '../clock.ts';

const hour = 3_600_000;

/** What an answer's headers say of the hour. */
export interface HourHeaders {
  limit: number | undefined;
  remaining: number | undefined;
}

/**
 * How many requests of the hour may still be sent. The API's own count is the truth wherever an answer carries
 * it (other users of the same application show up in it); our own log of the last hour serves until the first
 * answer, where headers are missing, and as the ceiling that a user asked for.
 *
 * Nobody outside knows whether the API's hour is a clock hour, a window from the first request, or sliding, so
 * nothing here assumes one of them.
 */
export class HourBudget {
  readonly #clock: Clock;
  readonly #ceiling: number;
  readonly #own: Instant[];
  #apiLimit: number | undefined;
  #apiRemaining: number | undefined;
  #headersSpeak = false;
  #inFlight = 0;

  /** `recent`: wall times of requests that earlier processes sent within the last hour, oldest first. */
  constructor(clock: Clock, ceiling: number | undefined, recent: readonly number[]) {
    this.#clock = clock;
    this.#ceiling = ceiling ?? Infinity;
    const now = instant(clock);
    this.#own = recent.map((wall) => ({wall, mono: now.mono - Math.max(0, now.wall - wall)}));
  }

  /** Requests an hour: the API's word or, before its first, the documented 1,200; never above the ceiling. */
  get limit(): number {
    return Math.min(this.#ceiling, this.#apiLimit ?? (this.#ceiling === Infinity ? 1200 : this.#ceiling));
  }

  /** Requests that may be sent now. */
  left(): number {
    if (this.#apiRemaining === undefined) return this.limit - this.#recentlySent();
    return Math.min(this.#apiRemaining - this.#inFlight, this.#ceiling - this.#recentlySent());
  }

  /** Nothing is left because of the user's own ceiling: asking the API would be no use. */
  get ceilingReached(): boolean {
    return this.#recentlySent() >= this.#ceiling;
  }

  sent(): void {
    this.#inFlight++;
    // An hour nobody could use up needs no log, which would only grow.
    if (this.limit < 100_000) this.#own.push(instant(this.#clock));
  }

  /** One request has ended; its answer, if any, said this of the hour. */
  ended(said: HourHeaders | undefined): void {
    this.#inFlight--;
    if (said === undefined) return;
    if (said.limit !== undefined) this.#apiLimit = said.limit;
    if (said.remaining !== undefined) this.#headersSpeak = true;
    if (said.remaining !== undefined || !this.#headersSpeak) this.#apiRemaining = said.remaining;
  }

  /** The API refused a request although something seemed to be left: nothing is. */
  usedUp(): void {
    this.#apiRemaining = 0;
  }

  /** Lets one request through on trial after a wait: its answer tells how much there really is. */
  allowOne(): void {
    if (this.#apiRemaining !== undefined) this.#apiRemaining = this.#inFlight + 1;
  }

  /**
   * Milliseconds until the own log has room again in a sliding hour. Several requests' worth is waited for at
   * once, so that a full sliding window is used in small bursts instead of one refusal after the other.
   */
  untilOwnRoom(): number {
    this.#recentlySent();
    const chunk = Math.max(1, Math.floor(this.limit / 100));
    const last = this.#own[Math.min(chunk, this.#own.length) - 1];
    return last === undefined ? 0 : Math.max(0, hour - surelyElapsed(this.#clock, last));
  }

  #recentlySent(): number {
    let old = 0;
    for (const sent of this.#own) {
      if (surelyElapsed(this.#clock, sent) < hour) break;
      old++;
    }
    this.#own.splice(0, old);
    return this.#own.length;
  }
}

/** Milliseconds until two seconds past the next full hour of the wall clock. */
export function untilClockHour(wall: number): number {
  return hour - (wall % hour) + 2000;
}
