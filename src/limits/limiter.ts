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
  /**
   * Waits until one request may be prepared.
   *
   * @throws Interrupted when the signal aborted first, TemporaryError when the API goes on refusing
   */
  acquire(purpose: Purpose, signal?: AbortSignal): Promise<Permit>;
}

/** The permission to send one request. It ends with `complete` or `cancel`, or by `ready` giving false. */
export interface Permit {
  /** Waits until the request may leave. False: it may not be sent after all, and the permit is cancelled. */
  ready(): Promise<boolean>;
  /**
   * Whether the request may still be sent, when its connection is up and its first byte is about to leave: connecting
   * may have taken long, and a machine may sleep meanwhile.
   */
  mayLeave(): boolean;
  /** What came of the request: its headers set the budgets, a refusal pauses all requests. */
  complete(result: HttpResult): void;
  /** The request is not sent. Has no effect on a permit that has ended. */
  cancel(): void;
}

export interface SharedLimiterOptions extends RateLimiterOptions {
  /** Aborted when nothing new may be sent. */
  stop: AbortSignal;
  /** How long a request may take, in milliseconds. */
  timeoutMs: number;
}

/** Makes the limiter of a budget that other machines draw from, too. */
export type MakeLimiter = (options: SharedLimiterOptions) => Limiter;
