import {describe, expect, it} from 'vitest';
import {HourServer} from '../hour-server.ts';
import {driveShared, type DrivenProcess} from './drive-shared.ts';
import {FakeRedis} from './fake-redis.ts';
import {VirtualTime} from './virtual-time.ts';

const start = Date.UTC(2026, 10, 23, 8, 42);
const minute = 60_000;
const perSecond = 2;

function open(perHour: number) {
  const redis = new FakeRedis();
  const time = new VirtualTime(start);
  const server = new HourServer({window: 'clock', perHour, retryAfter: true, headers: true}, start);
  const drive = (name: string, requests: number, workers: number): Promise<DrivenProcess> =>
    driveShared({redis, time, server, name, requests, workers});
  return {time, server, drive};
}

describe('a run of 20 rows beside runs of 5,000', () => {
  it.each([1, 4])('%i of them, at 64 at once: it ends within thrice its fair share', async (many) => {
    const {time, drive} = open(6000);
    const large = await Promise.all(Array.from({length: many}, (_, at) => drive(`large ${at}`, 5000, 64)));
    await time.pass(2 * minute);
    const since = time.wall();
    const small = await drive('small', 20, 1);
    const share = ((20 * (many + 1)) / perSecond) * 1000;
    await time.pass(3 * share);
    expect(small.sent).toHaveLength(20);
    expect((small.sent.at(-1) ?? Infinity) - since).toBeLessThanOrEqual(3 * share);
    // And they have the rest.
    const slots = (3 * share * perSecond) / 1000;
    const theirs = large.flatMap(({sent}) => sent).filter((moment) => moment > since).length;
    expect(theirs + 20).toBeGreaterThan(0.97 * slots);
  });

  it('who comes when the hour is used up has its share of the next one from its beginning', async () => {
    const {time, server, drive} = open(300);
    await drive('large', 5000, 64);
    await time.pass(8 * minute);
    expect(server.refused.length).toBeGreaterThan(0);
    const small = await drive('small', 20, 1);
    const nextHour = Date.UTC(2026, 10, 23, 9);
    await time.pass(nextHour - time.wall());
    expect(small.sent).toEqual([]);
    await time.pass(3 * 20 * 1000);
    expect(small.sent).toHaveLength(20);
  });

  it('requests leave in the order in which their processes asked', async () => {
    const {time, drive} = open(6000);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const processes = await Promise.all(names.map((name) => drive(name, 5000, 8)));
    await time.pass(minute);
    const order = processes
      .flatMap(({sent}, at) => sent.map((moment) => ({at, moment})))
      .sort((one, other) => one.moment - other.moment)
      .slice(20);
    // Nobody twice before everybody once.
    for (let from = 0; from + 5 <= order.length; from += 5) {
      expect(new Set(order.slice(from, from + 5).map(({at}) => at)).size).toBe(5);
    }
  });
});
