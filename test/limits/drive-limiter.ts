import {setMaxListeners} from 'node:events';
import {setImmediate} from 'node:timers/promises';
import {vi} from 'vitest';
import type {HttpResult} from '../../src/http/http-result.ts';
import type {Limiter} from '../../src/limits/limiter.ts';
import type {Permit} from '../../src/limits/permit.ts';
import {Interrupted} from '../../src/errors.ts';
import {systemClock} from '../../src/clock.ts';
import {openLimiter, type OpenLimiterOptions} from './open-limiter.ts';

export interface Server {
  arrive(now: number): HttpResult;
}

export interface Driven {
  limiter: Limiter;
  /** When requests were let through, writes and probes alike. */
  sent: number[];
  /** What `acquire` threw, if it was not stopped. */
  failure: unknown;
  waits: {reason: string; ms: number}[];
  stop(): Promise<void>;
}

export interface DriveOptions extends OpenLimiterOptions {
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
    limiter: openLimiter({
      random,
      onWait: (reason, ms) => driven.waits.push({reason, ms}),
      ...given,
    }),
    sent: [],
    failure: undefined,
    waits: [],
    stop: async () => {
      stopping.abort();
      let isOver = false;
      void running.then(() => (isOver = true));
      while (!isOver) await pass(1000);
    },
  };
  const {limiter} = driven;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const exchange = async (permit: Permit) => {
    if (!(await permit.ready()) || !permit.mayLeave()) return permit.cancel();
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

/** Lets virtual time pass; between two timers everything happens that needs no time. */
export async function pass(ms: number): Promise<void> {
  let isOver = false;
  setTimeout(() => (isOver = true), ms);
  for (;;) {
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    if (isOver) return;
    vi.advanceTimersToNextTimer();
  }
}

export const smallestGap = (moments: readonly number[]): number =>
  Math.min(...moments.slice(1).map((moment, at) => moment - (moments[at] ?? 0)));
