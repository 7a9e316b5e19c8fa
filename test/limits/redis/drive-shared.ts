import {setMaxListeners} from 'node:events';
import {onTestFinished} from 'vitest';
import type {Clock} from '../../../src/clock.ts';
import {Interrupted} from '../../../src/errors.ts';
import {Limiter} from '../../../src/limits/limiter.ts';
import type {Permit} from '../../../src/limits/permit.ts';
import {casScript} from '../../../src/limits/redis/cas-script.ts';
import {redisAddress} from '../../../src/limits/redis/redis-address.ts';
import {LinkLost, RedisLink} from '../../../src/limits/redis/redis-link.ts';
import {RedisStore} from '../../../src/limits/redis/redis-store.ts';
import type {Server} from '../drive-limiter.ts';
import type {FakeRedis} from './fake-redis.ts';
import type {VirtualTime} from './virtual-time.ts';

export interface DrivenProcess {
  /** When its requests left. */
  sent: number[];
  failure: unknown;
  store: RedisStore;
  stop: () => void;
}

export interface DriveSharedOptions {
  /** A real Redis, or one in the memory of the test. */
  redis: string | FakeRedis;
  time: VirtualTime;
  server: Server;
  name: string;
  workers?: number;
  perHour?: number;
  probe?: boolean;
  /** How long what it sends is on its way to Redis, and the replies back. */
  way?: () => readonly [there: number, back: number];
  /** Whether its way to Redis is cut at this moment. */
  isCut?: () => boolean;
  /** This machine's wall clock minus the true one. */
  wallAhead?: () => number;
  /** Redis' clock minus the true one. */
  redisAhead?: () => number;
  /** How many requests it wants to send; endless if not told. */
  requests?: number;
}

/** One process of several that write as fast as their common budget lets them, in virtual time. */
export async function driveShared(options: DriveSharedOptions): Promise<DrivenProcess> {
  const {redis, time, server, name, workers = 4, probe = true} = options;
  let {requests = Infinity} = options;
  const stopping = new AbortController();
  const link = typeof redis === 'string' ? await RedisLink.to(redisAddress(redis), casScript) : redis.link();
  const clock: Clock = {
    wall: () => time.wall() + (options.wallAhead?.() ?? 0),
    mono: () => time.mono(),
    sleep: (ms, signal) => time.sleep(ms, signal),
  };
  const run = async (key: string, ...args: readonly string[]) => {
    if (options.isCut?.()) throw new LinkLost('cut');
    // A process that ends has no time to wait: it stands still by then.
    const [there, back] = (stopping.signal.aborted ? undefined : options.way?.()) ?? [0, 0];
    await time.sleep(there);
    const now = time.wall() + (options.redisAhead?.() ?? 0);
    const [isSet, , , text] = (await time.during(link.run(key, ...args))) as unknown[];
    await time.sleep(back);
    return [isSet, String(Math.floor(now / 1000)), String((now % 1000) * 1000), text];
  };
  const store = new RedisStore({
    link: {
      run,
      close: () => link.close(),
      shown: link.shown,
      version: undefined,
      get server() {
        return link.server;
      },
    },
    clock,
    application: 'api.example u-1',
    machine: name,
    timeoutMs: 300_000,
    onGone: () => undefined,
  });
  setMaxListeners(0, stopping.signal);
  const {signal} = stopping;
  store.open([], signal);
  const {perHour} = options;
  const limiter = new Limiter({clock, store, perHour, timeoutMs: 60_000, random: () => 0.5});
  const driven: DrivenProcess = {sent: [], failure: undefined, store, stop: () => stopping.abort()};
  let turn = 0;
  const exchange = async (permit: Permit) => {
    if (!(await permit.ready()) || !permit.mayLeave()) return permit.cancel();
    const latency = 40 + ((turn++ * 619) % 800);
    driven.sent.push(time.wall());
    await time.sleep(latency / 2);
    const answer = server.arrive(time.wall());
    await time.sleep(latency / 2);
    permit.complete(answer);
  };
  if (probe) {
    limiter.probeWith(async () => {
      await exchange(await limiter.acquire('probe', signal));
    });
  }
  const work = async () => {
    try {
      while (requests-- > 0) await exchange(await limiter.acquire('write', signal));
    } catch (error) {
      if (!(error instanceof Interrupted)) driven.failure = error;
    }
  };
  for (let worker = 0; worker < workers; worker++) void work();
  onTestFinished(async () => {
    stopping.abort();
    await store.close();
  });
  return driven;
}
