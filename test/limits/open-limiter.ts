import {type Clock, systemClock} from '../../src/clock.ts';
import {Limiter, type LimiterOptions} from '../../src/limits/limiter.ts';
import {MemoryStore} from '../../src/limits/memory-store.ts';

export interface OpenLimiterOptions extends Partial<Omit<LimiterOptions, 'store'>> {
  /** Wall times of what was sent in the last hour. */
  recent?: readonly number[];
}

/** A limiter of a process that is alone. */
export function openLimiter({recent = [], ...options}: OpenLimiterOptions = {}): Limiter {
  const clock: Clock = options.clock ?? systemClock;
  const store = new MemoryStore(clock);
  store.open(recent);
  return new Limiter({clock, store, timeoutMs: 60_000, random: () => 0.5, ...options});
}
