import type {HttpResult} from '../http/http-result.ts';
import type {Clock} from '../clock.ts';

/** What a request is for. Settling may use the reserve of the hour; a probe may pass where nothing is left. */
export type Purpose = 'write' | 'read' | 'settle' | 'token' | 'probe';

export type LimitWait = 'hour' | 'refused';

export interface RateLimiterOptions {
  clock: Clock;
  /** Ceilings that the user gave; undefined = what the API says. */
  perSecond?: number | undefined;
  perHour?: number | undefined;
  /** Wall times (ms) of what this application sent in the last hour. */
  recent?: readonly number[];
  /** Told the wall time of every request that counts. */
  onSend?: (wall: number) => void;
  /** Told when requests have to wait, and for about how long. */
  onWait?: (reason: LimitWait, ms: number) => void;
  random?: () => number;
}

export interface Limits {
  /** Requests a second and an hour as far as known. */
  perSecond: number;
  perHour: number;
  /** Requests of the hour that are left. */
  left: number;
  /** Processes that draw from the same budget, this one included; undefined where the budget is not shared. */
  sharers?: number;
}

/** What keeps the limits of an application: RateLimiter for one process, SharedLimiter for all of them. */
export interface Limiter {
  readonly limits: Limits;
  /** How a probe is sent; it must pass `take('probe')` and `heard` like every request. */
  probeWith(probe: () => Promise<unknown>): void;
  /** Requests of the hour that only settling may use. */
  reserve(requests: number): void;
  /** Waits until a request may be sent. False when the signal aborted first: then nothing may be sent. */
  take(purpose: Purpose, signal?: AbortSignal): Promise<boolean>;
  /**
   * To be awaited right before the first byte of a request that was let through. False: it may not be sent after
   * all, and is done with as by `release`.
   */
  depart(): Promise<boolean>;
  /**
   * Whether a request that departed may still be sent, once its connection is up: that may have taken long, and a
   * machine may sleep meanwhile.
   */
  readonly mayStillSend: boolean;
  /** A request that was let through but not sent after all. */
  release(): void;
  /** What came of a request: its headers set the budgets, a refusal pauses everyone. */
  heard(exchange: HttpResult): void;
}

export interface SharedLimiterOptions extends RateLimiterOptions {
  /** Aborted when nothing new may be sent. */
  stop: AbortSignal;
  /** How long a request may take, in milliseconds. */
  timeoutMs: number;
}

/** Makes the limiter of a budget that other machines draw from, too. */
export type MakeLimiter = (options: SharedLimiterOptions) => Limiter;
