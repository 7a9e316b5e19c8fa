import {type Clock, systemClock} from '../../src/clock.ts';
import type {LimitStore} from '../../src/limits/limit-store.ts';
import {Limiter, type LimiterOptions} from '../../src/limits/limiter.ts';
import {MemoryStore} from '../../src/limits/memory-store.ts';
import {RedisStore} from '../../src/limits/redis/redis-store.ts';
import {openShared} from '../../src/limits/redis/shared-state.ts';
import {FakeRedis} from './redis/fake-redis.ts';

export type StoreKind = 'memory' | 'Redis';

export interface OpenLimiterOptions extends Partial<Omit<LimiterOptions, 'store'>> {
  /** Wall times of what was sent in the last hour. */
  recent?: readonly number[];
  /** Where the state is; in memory by default. */
  storeKind?: StoreKind;
}

/** A limiter of a process that is alone. */
export function openLimiter({recent = [], storeKind, ...options}: OpenLimiterOptions = {}): Limiter {
  const clock: Clock = options.clock ?? systemClock;
  const store = storeKind === 'Redis' ? openRedisStore(clock) : new MemoryStore(clock);
  store.open(recent, new AbortController().signal);
  return new Limiter({clock, store, timeoutMs: 60_000, random: () => 0.5, ...options});
}

/** In a Redis that has known the application for a minute: one that has just forgotten it would wait first. */
function openRedisStore(clock: Clock): LimitStore {
  const redis = new FakeRedis();
  const known = {server: redis.server, newEpoch: 'a minute old', memory: undefined};
  redis.text = JSON.stringify(openShared(undefined, clock.wall() - 60_000, known));
  return new RedisStore({
    link: redis.link(),
    clock,
    application: 'api.example u-1',
    machine: 'this machine',
    timeoutMs: 300_000,
    onGone: () => undefined,
  });
}
