import {describe, expect, it} from 'vitest';
import {smallestGap} from '../drive-limiter.ts';
import {HourServer, type HourServerOptions, idealOf, maxInAnHour} from '../hour-server.ts';
import {driveShared} from './drive-shared.ts';
import {FakeRedis} from './fake-redis.ts';
import {VirtualTime} from './virtual-time.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const hour = 3_600_000;
const length = 2.25 * hour;

describe(`four processes over one hour's budget`, () => {
  // A limit that is no default, so that the headers must have been read; where there are none, the documented one.
  const speaking = {retryAfter: true, headers: true, perHour: 300};
  const silent = {retryAfter: false, headers: false, perHour: 1200};
  const cases: [string, HourServerOptions][] = [
    ['clock', {window: 'clock', ...speaking}],
    ['sliding, silent', {window: 'sliding', ...silent}],
    ['fixed, headers only', {window: 'fixed', ...speaking, retryAfter: false}],
  ];

  it.each(cases)('%s: uses it up, and no more', async (_form, options) => {
    const redis = new FakeRedis();
    const time = new VirtualTime(start);
    const server = new HourServer(options, start);
    const processes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => driveShared({redis, time, server, name})),
    );
    await time.pass(length);

    const sent = processes.flatMap((each) => each.sent).sort((one, other) => one - other);
    expect(processes.map(({failure}) => failure)).toEqual([undefined, undefined, undefined, undefined]);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(500);
    expect(maxInAnHour(server.refused)).toBeLessThanOrEqual(2);
    expect(server.admitted.length / idealOf(options, start, start + length)).toBeGreaterThanOrEqual(0.97);
    const shares = processes.map((each) => each.sent.length / sent.length);
    expect(Math.min(...shares)).toBeGreaterThan(0.2);
    // Two characters for each second of an hour, and the open permits.
    expect(redis.text.length).toBeLessThan(10_000);
  });
});
