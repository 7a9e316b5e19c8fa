import {describe, expect, it} from 'vitest';
import {hasRedis, openRedis, withRedis} from '../../helpers/redis-server.ts';
import {generator} from '../../helpers/harness/random-kills.ts';
import {driveShared} from './drive-shared.ts';
import {FakeRedis} from './fake-redis.ts';
import {VirtualTime} from './virtual-time.ts';
import {empty} from '../../api/responses.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);

/** An API that says its limits and refuses nothing: what is looked at is when requests leave. */
const api = (perSecond: number) => ({
  arrive: () =>
    empty(200, {
      'x-hourly-ratelimit-limit': '99000',
      'x-hourly-ratelimit-remaining': '99000',
      'x-secondly-ratelimit-limit': String(perSecond),
    }),
});

describe.skipIf(!hasRedis)(`four processes over one second's limit, ${withRedis}`, () => {
  it.each([
    {perSecond: 20, chance: 0, longest: 0, use: 0.975},
    {perSecond: 20, chance: 0.1, longest: 60, use: 0.9},
    {perSecond: 3, chance: 0.1, longest: 200, use: 0.8},
    {perSecond: 2, chance: 0.3, longest: 40, use: 0.9},
  ])(
    '$perSecond a second, one wake in $chance up to $longest ms late: never more than that, and little less',
    async ({perSecond, chance, longest, use}) => {
      const random = generator(7);
      const time = new VirtualTime(start, () => (random() < chance ? random() * longest : 0));
      const redis = new FakeRedis();
      const processes = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) =>
          driveShared({redis, time, server: api(perSecond), name, workers: 2 * perSecond}),
        ),
      );
      await time.pass(10_000);
      for (const each of processes) each.sent = [];
      await time.pass(240_000);
      const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
      const spans = sent.slice(perSecond).map((moment, at) => moment - (sent[at] ?? 0));
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(1000);
      expect(sent.length / 240 / perSecond).toBeGreaterThanOrEqual(use);
    },
  );

  it.each([
    {perSecond: 2, use: 0.95},
    {perSecond: 20, use: 0.93},
  ])(
    '$perSecond a second, Redis 5 to 300 ms away and often longer there than back: never more than that',
    async ({perSecond, use}) => {
      const random = generator(7);
      const time = new VirtualTime(start);
      const redis = new FakeRedis();
      const far = () => 5 + random() * random() * 145;
      const processes = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name, at) =>
          driveShared({
            redis,
            time,
            server: api(perSecond),
            name,
            workers: 2 * perSecond,
            way: () => [far(), far() + 5 * at],
          }),
        ),
      );
      await time.pass(10_000);
      for (const each of processes) each.sent = [];
      await time.pass(120_000);
      const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
      const spans = sent.slice(perSecond).map((moment, at) => moment - (sent[at] ?? 0));
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(1000);
      expect(sent.length / 120 / perSecond).toBeGreaterThanOrEqual(use);
    },
  );

  it('ten of them, and Redis forgets everything now and then: never more than that', async () => {
    const time = new VirtualTime(start);
    const redis = await openRedis();
    const processes = await Promise.all(
      Array.from({length: 10}, (_, at) =>
        driveShared({redis: redis.url, time, server: api(2), name: `m${at}`}),
      ),
    );
    const client = redis.client();
    for (const pause of [20_300, 11_100, 7250, 15_040]) {
      await time.pass(pause);
      await client.flushall();
    }
    await time.pass(20_000);
    const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
    const spans = sent.slice(2).map((moment, at) => moment - (sent[at] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(1000);
    // Three seconds are waited each time, and what was permitted before is permitted anew.
    expect(sent.length).toBeGreaterThan(73 * 2 * 0.6);
    expect(processes.map(({failure}) => failure).filter(Boolean)).toEqual([]);
  });

  it('of which one loses its way to Redis: it sends nothing from two seconds after that on', async () => {
    const time = new VirtualTime(start);
    const redis = await openRedis();
    let isCut = false;
    const names = Array.from({length: 10}, (_, at) => `m${at}`);
    const processes = await Promise.all(
      names.map((name) =>
        driveShared({redis: redis.url, time, server: api(2), name, isCut: () => isCut && name === 'm3'}),
      ),
    );
    await time.pass(20_000);
    isCut = true;
    const since = time.wall();
    await time.pass(60_000);
    const [lost] = processes.slice(3, 4);
    expect(lost?.sent.filter((moment) => moment > since + 2000)).toEqual([]);
    const others = processes.flatMap((each) => each.sent).filter((moment) => moment > since + 10_000);
    expect(others.length).toBeGreaterThan(50 * 2 * 0.95);
    isCut = false;
    await time.pass(20_000);
    expect(lost?.sent.filter((moment) => moment > since + 60_000).length).toBeGreaterThan(2);
  });
});
