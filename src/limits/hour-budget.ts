import type {Clock} from '../clock.ts';

const hour = 3_600_000;

/** Clocks are not exact, and requests take a moment to arrive. */
const margin = 2000;

/** An hour that nobody could use up needs no log, which would only grow. */
const countless = 100_000;

/** When one request may be sent to see whether there is room again, and what speaks for it. */
interface Trial {
  at: number;
  by: 'clock' | 'own' | 'told';
}

/** What an answer's headers say of the hour. */
export interface HourHeaders {
  limit?: number | undefined;
  remaining?: number | undefined;
}

/**
 * How many requests of the hour may still be sent, and when to try again once none is left. Pure but for the clock.
 *
 * The API's own count is the truth wherever an answer carries it (other users of the same application show up in
 * it); our own log of the last hour serves until the first answer, where headers are missing, and as the ceiling
 * that a user asked for.
 *
 * Nobody outside knows whether the API's hour is a clock hour, a window from the first request, or sliding. When
 * nothing is left and the API does not say for how long, one request goes out on trial at the earliest moment that
 * any of the three allows:
 *
 *   the next full hour by the API's clock, unless that was refused once: then its hours are no clock hours
 *   the moment when our oldest requests that it may still count are an hour old
 */
export class HourBudget {
  /** The API's clock minus ours, in milliseconds. */
  serverAhead = 0;
  readonly #clock: Clock;
  readonly #ceiling: number;
  /** When our requests of the last hour were sent, oldest first, on the monotonic clock. */
  readonly #own: number[];
  /** So many of them, the newest, may still be in the API's count. */
  #counted: number;
  #apiLimit: number | undefined;
  /** What the API says is left, requests in flight not yet deducted. */
  #apiLeft: number | undefined;
  #inFlight = 0;
  /** So many answers to come may have been overtaken by the newest one, and be older news. */
  #overtaken = 0;
  #usedUp = false;
  #trial: Trial | undefined;
  #onTrial: Trial['by'] | undefined;
  #mayBeClockHour = true;
  #wordIsEnough = true;
  #noTrialBefore = -Infinity;

  /** `recent`: wall times of requests that earlier processes sent within the last hour, oldest first. */
  constructor(clock: Clock, ceiling: number | undefined, recent: readonly number[]) {
    this.#clock = clock;
    this.#ceiling = ceiling ?? Infinity;
    const [wall, mono] = [clock.wall(), clock.mono()];
    this.#own = recent.map((sent) => mono - Math.max(0, wall - sent));
    this.#counted = this.#own.length;
  }

  /** Requests an hour: the API's word or, before its first, the documented 1,200; never above the ceiling. */
  get limit(): number {
    return Math.min(this.#ceiling, this.#apiLimit ?? (this.#ceiling === Infinity ? 1200 : this.#ceiling));
  }

  /** Nobody could use it up: what was sent need not be remembered. */
  get isCountless(): boolean {
    return this.limit >= countless;
  }

  /** Requests that may be sent now, one on trial not among them. */
  left(): number {
    const own = this.#recentlySent();
    const api = this.#apiLeft === undefined ? this.limit - this.#counted : this.#apiLeft - this.#inFlight;
    return Math.min(this.#usedUp ? 0 : api, this.#ceiling - own);
  }

  /** Whether one request may be sent to see whether there is room again. */
  mayTry(): boolean {
    return (
      this.#trial !== undefined &&
      this.#inFlight === 0 &&
      !this.#isCeilingReached() &&
      this.#trial.at <= this.#clock.mono()
    );
  }

  /** Why the one request that is in flight was sent on trial, if it was. */
  get onTrial(): Trial['by'] | undefined {
    return this.#onTrial;
  }

  /** Whether it is the API that has nothing left, and not the user's ceiling, nor only until an answer comes. */
  isUsedUp(): boolean {
    return this.left() <= 0 && this.#inFlight === 0 && !this.#isCeilingReached();
  }

  /** Milliseconds until there may be room again; Infinity while it is an answer that decides. */
  untilRoom(): number {
    const now = this.#clock.mono();
    if (this.#isCeilingReached()) return (this.#own[this.#own.length - this.#ceiling] ?? now) + hour - now;
    if (this.#inFlight > 0) return Infinity;
    this.#trial ??= this.#nextTrial(now);
    return Math.max(0, this.#trial.at - now);
  }

  sent(): void {
    this.#onTrial = this.left() <= 0 && this.mayTry() ? this.#trial?.by : undefined;
    this.#inFlight++;
    if (this.isCountless) return;
    this.#own.push(this.#clock.mono());
    this.#counted++;
  }

  /** A request that was let through never left this machine. */
  unsent(): void {
    this.#inFlight--;
    if (this.#own.pop() !== undefined) this.#counted--;
  }

  /** A request has ended without a word about the limits: no answer, a proxy's page. */
  ended(said: HourHeaders = {}): void {
    this.#inFlight--;
    if (said.limit !== undefined) this.#apiLimit = said.limit;
    if (said.remaining !== undefined) this.#hear(said.remaining);
    // The API has surely counted it, too.
    else if (this.#apiLeft) this.#apiLeft--;
    this.#overtaken = Math.min(this.#overtaken, this.#inFlight);
  }

  /** A request has ended, and not by a 429: there was room for it. */
  worked(said: HourHeaders): void {
    this.ended(said);
    // It says no more how much is left, so that our own count has to serve again.
    if (this.#onTrial && said.remaining === undefined) this.#apiLeft = undefined;
    // More than the limit within an hour, or room before our own requests are old: the API has begun a new hour.
    const isNewHour = this.#counted > this.limit || this.#onTrial === 'clock' || this.#onTrial === 'told';
    if (isNewHour && this.#apiLeft === undefined)
      this.#counted = Math.min(this.#own.length, this.#inFlight + 1);
    this.#usedUp = false;
    this.#trial = this.#onTrial = undefined;
  }

  /** A request was refused by a 429, and so was not counted. */
  refused(said: HourHeaders): void {
    if (this.#own.pop() !== undefined) this.#counted--;
    this.ended(said);
  }

  /** Nothing is left, as a refusal has shown; the API may have said for how long (ms). */
  usedUp(forMs: number | undefined): void {
    const now = this.#clock.mono();
    const by = this.#onTrial;
    if (by === 'clock') this.#mayBeClockHour = false;
    // Others have what we gave free. Trying again with each of our requests that grows old would be a storm.
    if (by === 'own') this.#noTrialBefore = now + hour / 2;
    this.#usedUp = true;
    this.#trial = this.#onTrial = undefined;
    // The API kept its word, but others were there first: a sliding hour gives back one request after the other.
    if (by === 'told') this.#wordIsEnough = false;
    if (forMs === undefined) return;
    const trial: Trial = this.#wordIsEnough ? {at: now, by: 'told'} : this.#nextTrial(now);
    this.#trial = {...trial, at: Math.max(trial.at, now + forMs)};
  }

  /** Whether it has helped so far to know for how long the API refuses. */
  get wordIsEnough(): boolean {
    return this.#wordIsEnough;
  }

  #hear(remaining: number): void {
    // More than before may be older news that was overtaken; a true rise shows in the answers after it, too.
    if (this.#apiLeft !== undefined && remaining > this.#apiLeft && this.#overtaken > 0) {
      this.#overtaken--;
      return;
    }
    this.#apiLeft = remaining;
    this.#overtaken = this.#inFlight;
    // It counts fewer than we remember: it has forgotten the oldest.
    this.#counted = Math.min(
      this.#counted,
      Math.max(0, (this.#apiLimit ?? this.limit) - remaining) + this.#inFlight,
    );
  }

  #nextTrial(now: number): Trial {
    this.#recentlySent();
    const oldest = this.#own[this.#own.length - this.#counted] ?? now - hour / 2;
    const own = Math.max(oldest + hour + margin, this.#noTrialBefore);
    const clock = now + hour - ((this.#clock.wall() + this.serverAhead) % hour) + margin;
    return this.#mayBeClockHour && clock < own ? {at: clock, by: 'clock'} : {at: own, by: 'own'};
  }

  #isCeilingReached(): boolean {
    return this.#recentlySent() >= this.#ceiling;
  }

  #recentlySent(): number {
    const since = this.#clock.mono() - hour;
    let old = 0;
    while ((this.#own[old] ?? Infinity) <= since) old++;
    if (old > 0) this.#own.splice(0, old);
    this.#counted = Math.min(this.#counted, this.#own.length);
    return this.#own.length;
  }
}
