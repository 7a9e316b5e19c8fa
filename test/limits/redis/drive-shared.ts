import {setMaxListeners} from 'node:events';
import {onTestFinished} from 'vitest';
import type {Clock} from '../../../src/clock.ts';
import {Interrupted} from '../../../src/errors.ts';
import type {Permit} from '../../../src/limits/limiter.ts';
import {budgetScript} from '../../../src/limits/redis/budget-script.ts';
import {redisAddress} from '../../../src/limits/redis/redis-address.ts';
import {LinkLost, RedisLink} from '../../../src/limits/redis/redis-link.ts';
import {SharedBudget} from '../../../src/limits/redis/shared-budget.ts';
import type {Server} from '../drive-limiter.ts';
import type {VirtualTime} from './virtual-time.ts';

export interface DrivenProcess {
  /** When its requests left. */
  sent: number[];
  failure: unknown;
  budget: SharedBudget;
  stop: () => void;
}

export interface DriveSharedOptions {
  url: string;
  time: VirtualTime;
  server: Server;
  name: string;
  workers?: number;
  perHour?: number;
  probe?: boolean;
  /** How long its words are on their way to Redis, and its answers back. */
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
  const {url, time, server, name, workers = 4, probe = true} = options;
  let {requests = Infinity} = options;
  const stopping = new AbortController();
  const link = await RedisLink.to(redisAddress(url), budgetScript);
  const clock: Clock = {
    wall: () => time.wall() + (options.wallAhead?.() ?? 0),
    mono: () => time.mono(),
    sleep: (ms, signal) => time.sleep(ms, signal),
  };
  const budget = new SharedBudget({
    link: {
      run: async (keys, argument) => {
        if (options.isCut?.()) throw new LinkLost('cut');
        // Whoever ends has no time to wait: it stands still by then.
        const [there, back] = (stopping.signal.aborted ? undefined : options.way?.()) ?? [0, 0];
        await time.sleep(there);
        const call = {...(JSON.parse(argument) as object), now: time.wall() + (options.redisAhead?.() ?? 0)};
        const answer = await time.during(link.run(keys, JSON.stringify(call)));
        await time.sleep(back);
        return answer;
      },
      close: () => link.close(),
      shown: link.shown,
      version: undefined,
    },
    clock,
    application: 'api.example u-1',
    machine: name,
    timeoutMs: 300_000,
    onGone: () => undefined,
  });
  setMaxListeners(0, stopping.signal);
  const {signal} = stopping;
  const limiter = budget.limiter({
    clock,
    perHour: options.perHour,
    stop: signal,
    timeoutMs: 60_000,
    random: () => 0.5,
  });
  const driven: DrivenProcess = {sent: [], failure: undefined, budget, stop: () => stopping.abort()};
  let turn = 0;
  const exchange = async (permit: Permit) => {
    if (!(await permit.ready())) return;
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
    await budget.close();
  });
  return driven;
}
