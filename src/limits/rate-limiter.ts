import type {Clock} from '../clock.ts';
import {Interrupted, type TemporaryError} from '../errors.ts';
import type {HttpResponse, HttpResult} from '../http/http-result.ts';
import {HourBudget} from './hour-budget.ts';
import type {Limiter, Limits, Permit, Purpose, RateLimiterOptions} from './limiter.ts';
import {Pacer} from './pacer.ts';
import {maxRetryAfterMs, maxRefusals, rateLimited} from './rate-limited.ts';

/** A wait of a few seconds is the second's limit, a long one the hour's. */
const longForASecond = 10_000;
const minAnnouncedWaitMs = 10_000;
const maxSleepMs = 60_000;
/** Asking the API how long to wait costs a refusal, so it is asked for long waits only, and not often. */
const minProbedWaitMs = 60_000;
const betweenProbes = 1_800_000;

/**
 * The single owner of both budgets. Every request of the application, reads and tokens included, asks it first
 * for a permit and completes it with its result.
 *
 * The second is kept by even spacing (Pacer), the hour by HourBudget. A 429 pauses every request, not one. When the
 * hour is used up, one probing request asks for how long: the `Retry-After` of its refusal says so. Where that is
 * not given, HourBudget knows when one request may be sent on trial.
 */
export class RateLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #options: RateLimiterOptions;
  readonly #hour: HourBudget;
  readonly #pacer: Pacer;
  #pausedUntil = -Infinity;
  /** 429s since the last success, those of requests that were on their way at the first of them counted as one. */
  #refusals = 0;
  #reserve = 0;
  #isWorthAsking = true;
  #probe: (() => Promise<unknown>) | undefined;
  #probing: Promise<unknown> | undefined;
  #nextProbe = -Infinity;
  #failure: TemporaryError | undefined;
  #announced = 0;
  readonly #dozing = new Set<() => void>();

  constructor(options: RateLimiterOptions) {
    this.#clock = options.clock;
    this.#options = options;
    this.#hour = new HourBudget(options.clock, options.perHour, options.recent ?? []);
    this.#pacer = new Pacer(options.clock, options.perSecond ?? 2);
  }

  get limits(): Limits {
    return {
      perSecond: this.#pacer.perSecond,
      perHour: this.#hour.limit,
      left: Math.max(0, this.#hour.left()),
    };
  }

  probeWith(probe: () => Promise<unknown>): void {
    this.#probe = probe;
  }

  reserve(requests: number): void {
    this.#reserve = requests;
    this.#wake();
  }

  async acquire(purpose: Purpose, signal?: AbortSignal): Promise<Permit> {
    for (;;) {
      if (signal?.aborted) throw new Interrupted();
      if (this.#failure) throw this.#failure;
      const wait = this.#wait(purpose);
      if (wait > 0) {
        if (this.#shouldProbe(purpose, wait)) await this.#askForHowLong();
        else await this.#doze(wait, signal);
        continue;
      }
      await this.#pacer.turn();
      // Much may have been heard while waiting for the turn.
      if (signal?.aborted || this.#failure || this.#wait(purpose) > 0) continue;
      this.#hour.sent();
      if (!this.#hour.isCountless) this.#options.onSend?.(this.#clock.wall());
      let isOpen = true;
      return {
        ready: () => this.#pacer.depart().then(() => true),
        mayLeave: () => true,
        complete: (result) => {
          isOpen = false;
          this.#complete(result);
        },
        cancel: () => {
          if (isOpen) this.#hour.unsent();
          isOpen = false;
          this.#wake();
        },
      };
    }
  }

  #complete(result: HttpResult): void {
    if (result.kind === 'response') this.#learn(result);
    else if (result.sent) this.#hour.ended();
    else this.#hour.unsent();
    this.#wake();
  }

  #learn({status, rateLimits, retryAfterMs, dateMs}: HttpResponse): void {
    const {perSecond, perHour, remaining} = rateLimits;
    const said = {limit: perHour, remaining};
    if (dateMs !== undefined) this.#hour.serverAhead = dateMs - this.#clock.wall();
    if (perSecond !== undefined)
      this.#pacer.perSecond = Math.min(this.#options.perSecond ?? Infinity, perSecond);
    if (status === 429) return this.#refused(retryAfterMs, said);
    this.#refusals = 0;
    // A proxy's error page does not show that there is room.
    if (status >= 500 && said.remaining === undefined) this.#hour.ended();
    else this.#hour.worked(said);
  }

  #refused(told: number | undefined, said: {limit: number | undefined; remaining: number | undefined}): void {
    if (told !== undefined && told > maxRetryAfterMs) {
      this.#failure = rateLimited({forMs: told});
      return;
    }
    const {onTrial} = this.#hour;
    const hadRoom = this.#hour.left() > 0;
    // What was on its way when the first refusal came is refused for the same reason.
    if (this.#paused() <= 0 && (onTrial || hadRoom || this.#refusals === 0)) this.#refusals++;
    if (this.#refusals >= maxRefusals) {
      this.#failure = rateLimited({inARow: this.#refusals});
      return;
    }
    this.#hour.refused(said);
    const jitter = (this.#options.random ?? Math.random)() * 250;
    const soundsLikeHour = told === undefined ? !hadRoom || this.#refusals > 1 : told >= longForASecond;
    const isAboutHour =
      onTrial !== undefined || (said.remaining === undefined ? soundsLikeHour : said.remaining === 0);
    if (!isAboutHour) {
      // Twice as long with each: others may be busy, and a Retry-After of 0 must not be taken at its word.
      const least = 1000 * 2 ** Math.min(Math.max(0, this.#refusals - 1), 6);
      return this.#pause(Math.max(told ?? 0, least) + jitter, 'refused');
    }
    this.#hour.usedUp(told === undefined ? undefined : told + jitter);
    this.#isWorthAsking = told !== undefined && this.#hour.wordIsEnough;
    if (told !== undefined) this.#pause(told + jitter, 'hour');
  }

  #pause(ms: number, reason: 'hour' | 'refused'): void {
    if (ms <= this.#paused()) return;
    this.#pausedUntil = this.#clock.mono() + ms;
    this.#announce(reason, ms);
  }

  #paused(): number {
    return this.#pausedUntil - this.#clock.mono();
  }

  /** Milliseconds until it makes sense to look again; 0 when the request may be sent. */
  #wait(purpose: Purpose): number {
    const paused = this.#paused();
    if (paused > 0) return paused;
    const reserve = purpose === 'settle' ? 0 : this.#reserve;
    const passes =
      purpose === 'probe' || purpose === 'token' || this.#hour.left() > reserve || this.#hour.mayTry();
    return passes ? 0 : this.#hour.untilRoom();
  }

  #shouldProbe(purpose: Purpose, wait: number): boolean {
    // The probe itself, and the token that it may need, must not wait for the probe.
    if (purpose === 'probe' || purpose === 'token') return false;
    if (this.#probing) return true;
    const isDue = this.#isWorthAsking && this.#clock.mono() >= this.#nextProbe;
    return (
      isDue &&
      wait >= minProbedWaitMs &&
      this.#probe !== undefined &&
      this.#paused() <= 0 &&
      this.#hour.isUsedUp()
    );
  }

  /** One probe, shared by everyone who waits. Its answer is heard like any other. */
  async #askForHowLong(): Promise<void> {
    if (!this.#probing) this.#nextProbe = this.#clock.mono() + betweenProbes;
    this.#probing ??= Promise.resolve(this.#probe?.()).finally(() => {
      this.#probing = undefined;
    });
    await this.#probing;
  }

  /** Sleeps until the time is over, something new was heard, or the signal aborts. */
  async #doze(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#paused() <= 0 && Number.isFinite(ms) && ms >= minAnnouncedWaitMs) this.#announce('hour', ms);
    const nap = new AbortController();
    const wake = () => nap.abort();
    this.#dozing.add(wake);
    signal?.addEventListener('abort', wake, {once: true});
    await this.#clock.sleep(Math.min(ms, maxSleepMs), nap.signal);
    this.#dozing.delete(wake);
    signal?.removeEventListener('abort', wake);
  }

  #wake(): void {
    for (const wake of this.#dozing) wake();
  }

  /** Once for each wait, not once for each request that waits. */
  #announce(reason: 'hour' | 'refused', ms: number): void {
    const until = this.#clock.mono() + ms;
    if (Math.abs(until - this.#announced) < 1000) return;
    this.#announced = until;
    this.#options.onWait?.(reason, ms);
  }
}
