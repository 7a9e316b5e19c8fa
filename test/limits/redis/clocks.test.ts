import {describe, expect, it} from 'vitest';
import {smallestGap} from '../drive-limiter.ts';
import {hasRedis, openRedis, withRedis} from '../../helpers/redis-server.ts';
import {driveShared, type DriveSharedOptions} from './drive-shared.ts';
import {VirtualTime} from './virtual-time.ts';
import {empty} from '../../api/responses.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const minute = 60_000;
const {signal} = new AbortController();
const job = {job: 'closes', ledger: 'a state folder', settleMs: 1000};

/** An API that says two a second and refuses nothing: what is looked at is when requests leave. */
const server = {
  arrive: () => empty(200, {'x-hourly-ratelimit-remaining': '9000', 'x-secondly-ratelimit-limit': '2'}),
};

async function open() {
  const redis = await openRedis();
  const time = new VirtualTime(start);
  const drive = (name: string, more: Partial<DriveSharedOptions> = {}) =>
    driveShared({redis: redis.url, time, server, name, ...more});
  /** A process that only holds the lease, or waits for it. */
  const idle = async (name: string, more: Partial<DriveSharedOptions> = {}) =>
    (await drive(name, {requests: 0, ...more})).store;
  return {redis, time, drive, idle};
}

describe.skipIf(!hasRedis)(`a lease and clocks, ${withRedis}`, () => {
  it('goes to who waits, half a minute after the last word of its holder, who believes in it no more', async () => {
    const {time, idle} = await open();
    let isCut = false;
    const one = await idle('one', {isCut: () => isCut});
    const taken = one.lease(job, 0, signal);
    await time.pass(4000);
    const {fence: first} = await taken;
    isCut = true;
    const since = time.wall();
    const other = await idle('other');
    const next = other.lease(job, 2 * minute, signal).then(({fence}) => ({
      fence,
      after: time.wall() - since,
      isBelieved: one.isProven(time.mono()) || one.mayStillSend,
    }));
    await time.pass(minute);
    const {fence, after, isBelieved} = await next;
    expect(fence).toBeGreaterThan(first);
    expect(after).toBeGreaterThan(29_000);
    expect(after).toBeLessThan(36_000);
    expect(isBelieved).toBe(false);
    isCut = false;
    await time.pass(2000);
    expect(one.isHeld).toBe(false);
  });

  it.each(['is set forward, again and again', 'forgets everything, again and again'])(
    'Redis %s: a holder who has nothing to send keeps it all the same',
    async (what) => {
      let ahead = 0;
      const {redis, time, idle} = await open();
      const redisAhead = () => ahead;
      const one = await idle('one', {redisAhead});
      const taken = one.lease(job, 0, signal);
      await time.pass(20_000);
      await taken;
      const client = redis.client();
      const tries: Promise<string>[] = [];
      for (let at = 0; at < 8; at++) {
        // Now the holder asks first after it, now somebody else.
        await time.pass(4170);
        if (what.startsWith('forgets')) await client.flushall();
        else ahead += minute;
        const other = await idle(`other ${at}`, {redisAhead});
        tries.push(
          other.lease(job, 0, signal).then(
            () => 'taken',
            (error: Error) => error.name,
          ),
        );
      }
      await time.pass(10_000);
      expect(await Promise.all(tries)).toEqual(Array(8).fill('LockedError'));
      expect(one.isHeld).toBe(true);
    },
  );

  it('the wall clock of one machine is set by an hour, forward and back: it goes on, within the limits', async () => {
    let ahead = 0;
    const {time, drive} = await open();
    const set = await drive('set', {wallAhead: () => ahead});
    const processes = [set, await drive('b'), await drive('c')];
    const taken = set.store.lease(job, 0, signal);
    await time.pass(20_300);
    await taken;
    for (const step of [60, -120, 60]) {
      ahead += step * minute;
      await time.pass(20_300);
    }
    const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
    expect(processes.map(({failure}) => failure).filter(Boolean)).toEqual([]);
    expect(set.store.isHeld).toBe(true);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(500);
    expect(set.sent.length / sent.length).toBeGreaterThan(0.3);
  });
});
