import Bottleneck from 'bottleneck';
import {type Clock, instant, surelyElapsed} from '../clock.ts';
import {TemporaryError} from '../errors.ts';
import type {Exchange} from './exchange.ts';
import {HourBudget, untilClockHour} from './hour-budget.ts';
import {retryAfter} from './retry-after.ts';

/** What a request is for. Settling may use the reserve of the hour; a probe may pass where nothing is left. */
export type Purpose = 'write' | 'read' | 'settle' | 'token' | 'probe';

export interface RateLimiterOptions {
  clock: Clock;
  /** Ceilings that the user gave; undefined = what the API says. */
  perSecond?: number | undefined;
  perHour?: number | undefined;
  /** Wall times (ms) of what this application sent in the last hour. */
  recent?: readonly number[];
  /** Told the wall time of every request that is let through. */
  onSend?: (wall: number) => void;
  /** Told when requests have to wait, and for about how long. */
  onWait?: (reason: 'hour' | 'refused', ms: number) => void;
  random?: () => number;
}

/** Rates from which on spacing requests makes no sense: an unlimited sandbox, a server of one's own. */
const noLimit = 200;
const longestRetryAfter = 3_900_000;
const mostRefusals = 20;

/**
 * The single owner of both budgets. Every request of the application, reads and tokens included, asks it first
 * with `take` and reports its answer with `heard`.
 *
 * The second is kept by even spacing (bottleneck), which no way of counting seconds can refuse; the hour by
 * HourBudget. A 429 pauses every request, not one. When the hour is used up: one probing request, whose
 * `Retry-After` says how long to wait; without it, the wait ends at the next full hour or when our own oldest
 * requests are an hour old, whichever is first, with one request on trial.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #options: RateLimiterOptions;
  readonly #hour: HourBudget;
  readonly #spacing: Bottleneck;
  #perSecond: number;
  #pausedFrom = {wall: 0, mono: 0};
  #pauseMs = 0;
  #refusals = 0;
  #reserve = 0;
  #retryAfterIsGiven: boolean | undefined;
  #refill: Promise<void> | undefined;
  #failure: TemporaryError | undefined;
  #probe: (() => Promise<unknown>) | undefined;

  constructor(options: RateLimiterOptions) {
    this.#clock = options.clock;
    this.#options = options;
    this.#hour = new HourBudget(options.clock, options.perHour, options.recent ?? []);
    this.#perSecond = options.perSecond ?? 2;
    this.#spacing = new Bottleneck({minTime: spacing(this.#perSecond)});
  }

  /** Requests a second and an hour as far as known, and how many of the hour are left. */
  get limits(): {perSecond: number; perHour: number; left: number} {
    return {perSecond: this.#perSecond, perHour: this.#hour.limit, left: Math.max(0, this.#hour.left())};
  }

  /** How a probe is sent; it must pass `take('probe')` and `heard` like every request. */
  probeWith(probe: () => Promise<unknown>): void {
    this.#probe = probe;
  }

  /** Requests of the hour that only settling may use. */
  reserve(requests: number): void {
    this.#reserve = requests;
  }

  /** Waits until a request may be sent. False when the signal aborted first: then nothing may be sent. */
  async take(purpose: Purpose, signal?: AbortSignal): Promise<boolean> {
    for (;;) {
      if (!(await this.#open(purpose, signal))) return false;
      if (this.#perSecond < noLimit) await this.#spacing.schedule(() => Promise.resolve());
      if (signal?.aborted) return false;
      if (this.#paused() > 0 || !this.#hasRoom(purpose)) continue;
      this.#hour.sent();
      this.#options.onSend?.(this.#clock.wall());
      return true;
    }
  }

  /** A request that was let through but not sent after all, or whose answer is not of the API (tokens). */
  release(): void {
    this.#hour.ended(undefined);
  }

  /** What came of a request: its headers set the budgets, a refusal pauses everyone. */
  heard(exchange: Exchange): void {
    if (exchange.kind === 'lost') return this.#hour.ended(undefined);
    const {headers, status} = exchange;
    this.#hour.ended({
      limit: count(headers.get('x-hourly-ratelimit-limit'), 1),
      remaining: count(headers.get('x-hourly-ratelimit-remaining'), 0),
    });
    this.#setPerSecond(count(headers.get('x-secondly-ratelimit-limit'), 1));
    if (status === 429) this.#refused(headers);
    else this.#refusals = 0;
  }

  #setPerSecond(said: number | undefined): void {
    const {perSecond} = this.#options;
    const allowed = said === undefined ? this.#perSecond : Math.min(perSecond ?? Infinity, said);
    if (allowed === this.#perSecond) return;
    this.#perSecond = allowed;
    // Safe only because no reservoir refresh is used: this call ends bottleneck's refresh timer for good.
    void this.#spacing.updateSettings({minTime: spacing(allowed)});
  }

  #refused(headers: Pick<Headers, 'get'>): void {
    const said = retryAfter(headers);
    this.#refusals++;
    if (said !== undefined && said > longestRetryAfter)
      return this.#fail(`asks to wait ${Math.ceil(said / 60_000)} minutes`);
    if (this.#refusals >= mostRefusals)
      return this.#fail(`refused ${this.#refusals} requests in a row (429)`);
    if (said !== undefined) this.#retryAfterIsGiven = true;
    const left = count(headers.get('x-hourly-ratelimit-remaining'), 0) ?? this.#hour.left();
    if (left <= 0 && said === undefined) {
      this.#retryAfterIsGiven ??= false;
      return this.#hour.usedUp();
    }
    // A wait of a second or so is the second's limit; a long one ends the hour's, and one request tries it.
    const wait = said ?? 1000 * 2 ** Math.min(this.#refusals - 1, 6);
    this.#pause(wait + (this.#options.random ?? Math.random)() * 250);
    if (left <= 0) this.#hour.allowOne();
  }

  #fail(what: string): void {
    this.#failure = new TemporaryError(`the API ${what}`, {
      code: 'rate_limited',
      hint: 'something else may be using up the limits of this application; resume later',
    });
  }

  #pause(ms: number): void {
    if (ms <= this.#paused()) return;
    this.#pausedFrom = instant(this.#clock);
    this.#pauseMs = ms;
    this.#options.onWait?.('refused', ms);
  }

  #paused(): number {
    return this.#pauseMs - surelyElapsed(this.#clock, this.#pausedFrom);
  }

  #hasRoom(purpose: Purpose): boolean {
    if (purpose === 'probe' || purpose === 'token') return true;
    return this.#hour.left() > (purpose === 'settle' ? 0 : this.#reserve);
  }

  async #open(purpose: Purpose, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      if (signal?.aborted) return false;
      if (this.#failure) throw this.#failure;
      const paused = this.#paused();
      if (paused > 0) await this.#clock.sleep(paused, signal);
      else if (this.#hasRoom(purpose)) return true;
      else await this.#untilRoom(signal);
    }
  }

  /** One wait for the hour, shared by everyone who waits. */
  async #untilRoom(signal: AbortSignal | undefined): Promise<void> {
    this.#refill ??= this.#waitForRoom(signal).finally(() => {
      this.#refill = undefined;
    });
    await this.#refill;
  }

  async #waitForRoom(signal: AbortSignal | undefined): Promise<void> {
    const own = this.#hour.untilOwnRoom();
    if (this.#hour.ceilingReached) {
      this.#options.onWait?.('hour', own);
      return this.#clock.sleep(Math.max(own, 100), signal);
    }
    const wait = Math.min(own, untilClockHour(this.#clock.wall()));
    if (wait > 10_000 && this.#retryAfterIsGiven !== false && this.#probe) {
      await this.#probe();
      // Answered: the hour had room after all. Refused with Retry-After: the pause is set. Both end this wait.
      if (this.#hour.left() > 0 || this.#paused() > 0) return;
      this.#retryAfterIsGiven ??= false;
    }
    this.#options.onWait?.('hour', wait);
    await this.#clock.sleep(Math.max(wait, 100), signal);
    this.#hour.allowOne();
  }
}

/** A little more than the even distance: timers fire early by some milliseconds, and networks jitter. */
function spacing(perSecond: number): number {
  return perSecond >= noLimit
    ? 0
    : Math.ceil(1000 / perSecond) + Math.max(2, Math.floor(20 / Math.max(2, perSecond)));
}

/** A header that is a plain whole number of at least `least`; anything else is ignored. */
function count(value: string | null, least: number): number | undefined {
  if (value === null || !/^\d{1,9}$/.test(value.trim())) return undefined;
  const number = Number(value);
  return number >= least ? number : undefined;
}
