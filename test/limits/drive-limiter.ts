import {setMaxListeners} from 'node:events';
import {vi} from 'vitest';
import type {HttpResult} from '../../src/http/http-result.ts';
import type {Permit, RateLimiterOptions} from '../../src/limits/limiter.ts';
import {RateLimiter} from '../../src/limits/rate-limiter.ts';
import {Interrupted} from '../../src/errors.ts';
import {systemClock} from '../../src/clock.ts';

export interface Server {
  arrive(now: number): HttpResult;
}

export interface Driven {
  limiter: RateLimiter;
  /** When requests were let through, writes and probes alike. */
  sent: number[];
  /** What `acquire` threw, if it was not stopped. */
  failure: unknown;
  waits: {reason: string; ms: number}[];
  stop(): Promise<void>;
}

export interface DriveOptions extends Partial<RateLimiterOptions> {
  workers?: number;
  /** Of one request, in ms. */
  latency?: () => number;
  probe?: boolean;
}

/** Seeded numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Workers that write as fast as a limiter lets them, under fake timers; advance those to let time pass. */
export function drive(server: Server, options: DriveOptions = {}): Driven {
  const random = seeded(42);
  const {workers = 4, latency = () => 40 + random() * 800, probe = true, ...given} = options;
  const driven: Driven = {
    limiter: new RateLimiter({
      clock: systemClock,
      random,
      onWait: (reason, ms) => driven.waits.push({reason, ms}),
      ...given,
    }),
    sent: [],
    failure: undefined,
    waits: [],
    stop: async () => {
      stopping.abort();
      await vi.runAllTimersAsync();
      await running;
    },
  };
  const {limiter} = driven;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const exchange = async (permit: Permit) => {
    if (!(await permit.ready())) return;
    driven.sent.push(Date.now());
    await systemClock.sleep(latency() / 2);
    const answer = server.arrive(Date.now());
    await systemClock.sleep(latency() / 2);
    permit.complete(answer);
  };
  if (probe) {
    limiter.probeWith(async () => {
      await exchange(await limiter.acquire('probe', stopping.signal));
    });
  }
  const work = async () => {
    try {
      for (;;) await exchange(await limiter.acquire('write', stopping.signal));
    } catch (error) {
      if (!(error instanceof Interrupted)) driven.failure = error;
    }
  };
  const running = Promise.all(Array.from({length: workers}, work));
  return driven;
}

/** Lets virtual time pass. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

export const smallestGap = (moments: readonly number[]): number =>
  Math.min(...moments.slice(1).map((moment, at) => moment - (moments[at] ?? 0)));
