import {describe, expect, it} from 'vitest';
import {HourServer, type HourServerOptions, maxInAnHour} from '../hour-server.ts';
import {driveShared} from './drive-shared.ts';
import {FakeRedis} from './fake-redis.ts';
import {VirtualTime} from './virtual-time.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const minute = 60_000;

describe(`an hour's budget`, () => {
  const speaking = {retryAfter: true, headers: true, perHour: 300};
  const silent = {retryAfter: false, headers: false, perHour: 1200};
  const cases: [string, HourServerOptions][] = [
    ['clock', {window: 'clock', ...speaking}],
    ['sliding', {window: 'sliding', ...speaking}],
    ['sliding, silent', {window: 'sliding', ...silent}],
  ];

  async function openFour(options: HourServerOptions, redisAhead = () => 0) {
    const redis = new FakeRedis();
    const time = new VirtualTime(start);
    const server = new HourServer(options, start);
    const processes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => driveShared({redis, time, server, name, redisAhead})),
    );
    return {redis, time, server, processes};
  }

  it.each(cases)(
    '%s: a Redis that forgets it, again and again, grants no second one',
    async (_form, options) => {
      const {redis, time, server, processes} = await openFour(options);
      for (const pause of [1, 7.01, 6.013, 10.5, 10.03, 10.27, 10.1, 10.4, 20]) {
        await time.pass(pause * minute);
        redis.text = '';
      }
      await time.pass(10 * minute);
      expect(processes.map(({failure}) => failure).filter(Boolean)).toEqual([]);
      // As many as where it remembers everything.
      expect(maxInAnHour(server.refused)).toBeLessThanOrEqual(2);
      expect(server.admitted.length).toBeGreaterThan(2 * options.perHour * 0.97);
    },
  );

  it.each(cases)(
    "%s: a step of Redis' clock, forward or back, grants no second one",
    async (_form, options) => {
      let ahead = 0;
      const {time, server, processes} = await openFour(options, () => ahead);
      for (const step of [45, -70, 65]) {
        await time.pass(11 * minute);
        ahead += step * minute;
      }
      await time.pass(20 * minute);
      expect(processes.map(({failure}) => failure).filter(Boolean)).toEqual([]);
      // One more than without: the API's full hour, by a clock that is another one until the API's next answer.
      expect(maxInAnHour(server.refused)).toBeLessThanOrEqual(3);
    },
  );
});
