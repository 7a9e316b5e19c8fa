import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {HttpResult} from '../../src/http/http-result.ts';
import {empty, noResponse} from '../api/responses.ts';
import {openLimiter, type OpenLimiterOptions, type StoreKind} from './open-limiter.ts';
import {FifoLimiter} from './fifo-limiter.ts';
import {drive, pass, smallestGap} from './drive-limiter.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8, 10);

beforeEach(() => void vi.useFakeTimers({now: start}));
afterEach(() => void vi.useRealTimers());

/** Each test has both. */
const storeKinds: StoreKind[] = ['memory', 'Redis'];
let storeKind: StoreKind = 'memory';
const limiterOf = (options: OpenLimiterOptions = {}) => new FifoLimiter(openLimiter({storeKind, ...options}));

const limitsSaid = (hourly: [limit: number, remaining: number], secondly = 2) => ({
  'x-hourly-ratelimit-limit': String(hourly[0]),
  'x-hourly-ratelimit-remaining': String(hourly[1]),
  'x-secondly-ratelimit-limit': String(secondly),
});

/** Takes as many permissions as come within the time, each answered at once, and tells when each came. */
async function takeFor(
  limiter: FifoLimiter,
  ms: number,
  answer: () => HttpResult = () => empty(204),
): Promise<number[]> {
  const stop = new AbortController();
  const taken: number[] = [];
  const taking = (async () => {
    while (await limiter.acquire('write', stop.signal)) {
      taken.push(Date.now() - start);
      limiter.complete(answer());
    }
  })();
  await pass(ms);
  stop.abort();
  await pass(hour);
  await taking;
  return taken;
}

describe.each(storeKinds)('the second, by a state in %s', (kind) => {
  beforeEach(() => void (storeKind = kind));

  it.each([
    ['the documented 2', {}, undefined, 500, 520],
    ['fewer where the user says so', {perSecond: 1}, undefined, 1000, 1020],
    ['a part of one', {perSecond: 0.5}, undefined, 2000, 2020],
    ['more where the API says so', {}, 8, 125, 135],
    ['fewer where the API says so', {perSecond: 8}, 4, 250, 260],
    ['no more than the user allows', {perSecond: 4}, 8, 250, 260],
  ])('spaces requests evenly: %s', async (_what, options, said, least, most) => {
    const limiter = limiterOf(options);
    const headers = said === undefined ? {} : {'x-secondly-ratelimit-limit': String(said)};
    const taken = await takeFor(limiter, 30 * second, () => empty(204, headers));
    const settled = taken.slice(2);
    expect(settled.length).toBeGreaterThan(10);
    for (const [at, moment] of settled.slice(1).entries()) {
      const gap = moment - (settled[at] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(least);
      expect(gap).toBeLessThanOrEqual(most);
    }
  });

  it('is no matter where the API has no limit', async () => {
    const limiter = limiterOf();
    const unlimited = limitsSaid([1_000_000, 999_999], 1_000_000);
    const first = limiter.acquire('write');
    await pass(second);
    expect(await first).toBe(true);
    limiter.complete(empty(204, unlimited));
    await pass(0);
    const before = Date.now();
    for (let n = 0; n < 5000; n++) {
      expect(await limiter.acquire('write')).toBe(true);
      limiter.complete(empty(204, unlimited));
    }
    expect(Date.now()).toBe(before);
  });

  it.each(['', ' ', 'many', '-3', '0', '2.5', '1e3', '99999999999'])(
    'ignores a limit that is no number: %j',
    async (value) => {
      const limiter = limiterOf();
      const names = [
        'x-secondly-ratelimit-limit',
        'x-hourly-ratelimit-limit',
        'x-hourly-ratelimit-remaining',
      ];
      await pass(0);
      const taken = await takeFor(limiter, 10 * second, () =>
        empty(204, Object.fromEntries(names.map((name) => [name, value]))),
      );
      // A remaining count of 0 is a number that makes sense.
      expect(taken.length).toBe(value === '0' ? 1 : 20);
      expect(limiter.limiter.limits).toMatchObject({perSecond: 2, perHour: 1200});
    },
  );
});

describe.each(storeKinds)('the hour, by a state in %s', (kind) => {
  beforeEach(() => void (storeKind = kind));

  it('begins with what was spent before a restart', async () => {
    const recent = Array.from({length: 1150}, (_, n) => start - 40 * minute + n * 600);
    const limiter = limiterOf({recent});
    await pass(0);
    expect(limiter.limiter.limits.left).toBe(50);
    const taken = await takeFor(limiter, 15 * minute);
    expect(taken.length).toBe(50);
  });

  it('gives room again as what was spent before a restart grows old', async () => {
    const recent = Array.from({length: 1200}, (_, n) => start - 50 * minute + n * 510);
    const limiter = limiterOf({recent});
    const taken = await takeFor(limiter, 12 * minute);
    // From ten minutes on; the first of them goes out on trial at once, in case the API's hour is another one.
    const early = taken.filter((at) => at < 10 * minute);
    expect(early.length).toBeLessThanOrEqual(1);
    expect(taken.length).toBeGreaterThan(150);
    expect(taken.length).toBeLessThanOrEqual(240);
  });

  it('has begun anew where a probe goes through though we counted more', async () => {
    const limiter = limiterOf({recent: Array.from({length: 1200}, (_, n) => start - 20 * minute + n * 510)});
    limiter.limiter.probeWith(async () => {
      await limiter.acquire('probe');
      limiter.complete(empty(200));
    });
    expect((await takeFor(limiter, 5 * minute)).length).toBeGreaterThan(500);
  });

  it('is what the API says, however much we counted ourselves', async () => {
    const limiter = limiterOf({recent: Array.from({length: 1190}, () => start - minute)});
    await pass(0);
    const taking = limiter.acquire('write');
    await pass(second);
    expect(await taking).toBe(true);
    limiter.complete(empty(204, limitsSaid([3000, 2500])));
    await pass(0);
    expect(limiter.limiter.limits).toEqual({perSecond: 2, perHour: 3000, left: 2500, sharers: 1});
  });

  it('is what the API says less what is in flight', async () => {
    const limiter = limiterOf();
    for (let n = 0; n < 3; n++) {
      const taking = limiter.acquire('write');
      await pass(second);
      await taking;
    }
    limiter.complete(empty(204, limitsSaid([1200, 7])));
    await pass(0);
    expect(limiter.limiter.limits.left).toBe(5);
    limiter.complete(noResponse(true, 'timeout'));
    await pass(0);
    // It was sent, so the API has counted it.
    expect(limiter.limiter.limits.left).toBe(5);
    limiter.complete(noResponse(false, 'ECONNREFUSED'));
    await pass(0);
    expect(limiter.limiter.limits.left).toBe(6);
  });

  it('is not taken for fuller by an answer that was overtaken', async () => {
    const limiter = limiterOf();
    for (let n = 0; n < 2; n++) {
      const taking = limiter.acquire('write');
      await pass(second);
      await taking;
    }
    limiter.complete(empty(204, limitsSaid([1200, 3])));
    limiter.complete(empty(204, limitsSaid([1200, 4])));
    await pass(0);
    expect(limiter.limiter.limits.left).toBe(3);
  });

  it('gives back what was let through and not sent', async () => {
    const limiter = limiterOf({perHour: 10});
    const taking = limiter.acquire('write');
    await pass(second);
    await taking;
    expect(limiter.limiter.limits.left).toBe(9);
    limiter.cancel();
    await pass(0);
    expect(limiter.limiter.limits.left).toBe(10);
  });

  it('is never fuller than the user allows, in any sixty minutes', async () => {
    const limiter = limiterOf({perHour: 30});
    const taken = await takeFor(limiter, 3 * hour + 10 * minute, () => empty(204, limitsSaid([1200, 1100])));
    expect(limiter.limiter.limits.perHour).toBe(30);
    expect(taken.length).toBe(120);
    for (const from of taken)
      expect(taken.filter((at) => at >= from && at < from + hour).length).toBeLessThanOrEqual(30);
  });

  it('is emptier than the user allows where the API says so', async () => {
    const limiter = limiterOf({perHour: 5000});
    await takeFor(limiter, second, () => empty(204, limitsSaid([300, 250])));
    expect(limiter.limiter.limits).toMatchObject({perHour: 300, left: 250});
  });

  it('keeps a reserve for settling rows in doubt', async () => {
    const limiter = limiterOf();
    let left = 25;
    limiter.limiter.reserve(20);
    const taken = await takeFor(limiter, 5 * minute, () => empty(204, limitsSaid([1200, --left])));
    expect(taken.length).toBe(5);
    const settling = limiter.acquire('settle');
    await pass(second);
    expect(await settling).toBe(true);
  });

  it('is asked about once by a probe, which may need a token', async () => {
    const limiter = limiterOf();
    const purposes: string[] = [];
    limiter.limiter.probeWith(async () => {
      for (const purpose of ['token', 'probe'] as const) {
        await limiter.acquire(purpose);
        purposes.push(purpose);
        limiter.complete(
          purpose === 'token' ? empty(200) : empty(429, {...limitsSaid([1200, 0]), 'retry-after': '600'}),
        );
      }
    });
    let left = 2;
    const taken = await takeFor(limiter, 9 * minute, () => empty(204, limitsSaid([1200, --left])));
    expect(taken.length).toBe(2);
    expect(purposes).toEqual(['token', 'probe']);
    const later = await takeFor(limiter, minute);
    expect(later.length).toBeGreaterThan(50);
  });
});

describe.each(storeKinds)('who waits, by a state in %s', (kind) => {
  beforeEach(() => void (storeKind = kind));

  it.each([
    ['for the hour', empty(204, limitsSaid([1200, 0]))],
    ['after a refusal', empty(429, {'retry-after': '600'})],
  ])('%s is let go by the signal, and may not send', async (_what, answer) => {
    const limiter = limiterOf();
    const first = limiter.acquire('write');
    await pass(second);
    expect(await first).toBe(true);
    limiter.complete(answer);
    const stop = new AbortController();
    const waiting = [limiter.acquire('write', stop.signal), limiter.acquire('read', stop.signal)];
    await pass(minute);
    stop.abort();
    await pass(second);
    expect(await Promise.all(waiting)).toEqual([false, false]);
  });

  it('waits for a turn that the signal takes away', async () => {
    const limiter = limiterOf();
    const stop = new AbortController();
    const waiting = Array.from({length: 4}, () => limiter.acquire('write', stop.signal));
    await pass(600);
    stop.abort();
    await pass(5 * second);
    expect(await Promise.all(waiting)).toEqual([true, true, false, false]);
  });

  it('is told to a memory when it is let through', async () => {
    const walls: number[] = [];
    const limiter = limiterOf({onSend: (wall) => walls.push(wall - start)});
    const taken = await takeFor(limiter, 3 * second);
    expect(taken).toHaveLength(6);
    // The slot is what is kept, and a timer fires a little later.
    taken.forEach((at, n) => expect(at - (walls[n] ?? 0)).toBeLessThan(5));
    expect(smallestGap(walls)).toBeGreaterThanOrEqual(500);
  });

  it('is not remembered where nobody could use up the hour', async () => {
    const walls: number[] = [];
    const limiter = limiterOf({perHour: 200_000, onSend: (wall) => walls.push(wall)});
    expect(await takeFor(limiter, 2 * second)).not.toEqual([]);
    expect(walls).toEqual([]);
  });

  it('is no crowd: four workers get as much as one', async () => {
    const driven = drive({arrive: () => empty(204)}, {workers: 4, storeKind});
    await pass(minute);
    expect(driven.sent.length).toBeGreaterThanOrEqual(117);
    expect(driven.sent.length).toBeLessThanOrEqual(120);
    await driven.stop();
  });
});
