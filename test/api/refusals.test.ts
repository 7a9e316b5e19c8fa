import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {HttpResult} from '../../src/http/http-result.ts';
import type {Purpose} from '../../src/limits/limit-call.ts';
import {TemporaryError} from '../../src/errors.ts';
import {empty, respond} from './responses.ts';
import {openLimiter} from '../limits/open-limiter.ts';
import {FifoLimiter} from '../limits/fifo-limiter.ts';
import {drive, type Driven, type DriveOptions, pass, smallestGap} from '../limits/drive-limiter.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8, 10);

beforeEach(() => void vi.useFakeTimers({now: start}));
afterEach(() => void vi.useRealTimers());

/** The plain text that the API answers with. */
const tooMany = (headers: Record<string, string> = {}) =>
  respond(429, '429 Too Many Requests (Spam Rate Limit Exceeded)', {
    'content-type': 'text/plain',
    ...headers,
  });

const left = (remaining: number) => ({
  'x-hourly-ratelimit-limit': '1200',
  'x-hourly-ratelimit-remaining': String(remaining),
  date: new Date().toUTCString(),
});

/** Refuses the n-th arrivals that are named, and those while `refuses` says so. */
function serverOf(refuses: (at: number, n: number) => HttpResult | undefined) {
  const arrivals: number[] = [];
  const server = {
    arrivals,
    arrive: (now: number) => {
      arrivals.push(now - start);
      return refuses(now - start, arrivals.length) ?? empty(204, left(700));
    },
  };
  return server;
}

async function driveFor(
  server: ReturnType<typeof serverOf>,
  ms: number,
  options: DriveOptions = {},
): Promise<Driven> {
  const driven = drive(server, {latency: () => 20, workers: 3, ...options});
  await pass(ms);
  await driven.stop();
  return driven;
}

describe('a 429 of the second', () => {
  it.each([
    ['in seconds', {'retry-after': '7'}, 7],
    [
      'as a date',
      {
        'retry-after': new Date(start + 10 * second).toUTCString(),
        date: new Date(start + second).toUTCString(),
      },
      9,
    ],
  ])('pauses every request for as long as it says, %s', async (_what, headers, seconds) => {
    const server = serverOf((_at, n) => (n === 3 ? tooMany({...left(700), ...headers}) : undefined));
    const {waits} = await driveFor(server, minute);
    const [, , refused = 0, next = 0, afterNext = 0] = server.arrivals;
    expect(next - refused).toBeGreaterThanOrEqual(seconds * second);
    expect(next - refused).toBeLessThanOrEqual(seconds * second + 250 + 520);
    expect(afterNext - next).toBeGreaterThanOrEqual(490);
    expect(waits).toHaveLength(1);
    expect(waits[0]?.reason).toBe('refused');
  });

  it.each([
    ['without a word', {}],
    ['that asks for no wait at all', {'retry-after': '0'}],
  ])('%s is waited out, twice as long each time', async (_what, headers) => {
    const server = serverOf((_at, n) => (n >= 3 && n <= 6 ? tooMany({...left(700), ...headers}) : undefined));
    const {failure} = await driveFor(server, minute, {workers: 1});
    const waits = server.arrivals.slice(3, 7).map((at, n) => at - (server.arrivals[n + 2] ?? 0));
    [1, 2, 4, 8].forEach((seconds, n) => {
      expect(waits[n]).toBeGreaterThanOrEqual(seconds * second);
      expect(waits[n]).toBeLessThanOrEqual(seconds * second + 250 + 550);
    });
    expect(failure).toBeUndefined();
  });

  it('counts once, however many requests were on their way', async () => {
    const server = serverOf((at) =>
      at > 2 * second && at < 4 * second ? tooMany({...left(700), 'retry-after': '5'}) : undefined,
    );
    const {failure} = await driveFor(server, minute, {workers: 60, perSecond: 50, latency: () => 3 * second});
    expect(server.arrivals.length).toBeGreaterThan(1000);
    expect(failure).toBeUndefined();
  });
});

describe('a Retry-After that makes no sense', () => {
  const values = [
    '-5',
    '1.5',
    '0x10',
    '',
    'abc',
    '1e9',
    'NaN',
    'Infinity',
    '+1',
    '5;6',
    '٣',
    '0',
    '00',
    '-0',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Mon, 99 Nov 2026 00:00:00 GMT',
    '2147483648ms',
  ];
  it.each(values)('is no reason to hammer: %j', async (value) => {
    for (const headers of [left(700), left(0), {}]) {
      vi.setSystemTime(start);
      const server = serverOf(() => tooMany({...headers, 'retry-after': value}));
      const driven = await driveFor(server, 30 * minute);
      expect(smallestGap(driven.sent)).toBeGreaterThanOrEqual(490);
      expect(driven.sent.length).toBeLessThanOrEqual(25);
    }
  });

  it.each(['3901', '7200', '2147484', '9'.repeat(30)])(
    'that is too long ends the run with what it asks: %s s',
    async (value) => {
      const server = serverOf((_at, n) =>
        n === 4 ? tooMany({...left(0), 'retry-after': value}) : undefined,
      );
      const {failure, sent} = await driveFor(server, minute, {workers: 1});
      expect(sent.length).toBe(4);
      expect(failure).toBeInstanceOf(TemporaryError);
      expect(failure).toMatchObject({exitCode: 75, code: 'rate_limited'});
      expect(String(failure)).toMatch(/wait \d+ minutes/);
    },
  );
});

describe('nothing but 429s', () => {
  it.each([
    [
      'which say how long',
      (at: number) => ({...left(0), 'retry-after': String(Math.ceil((65 * minute - at) / second))}),
    ],
    ['which say a minute', () => ({...left(0), 'retry-after': '60'})],
    ['which say nothing', () => left(0)],
  ])('for 65 minutes, %s, are survived', async (_what, headers) => {
    const server = serverOf((at) => (at < 65 * minute ? tooMany(headers(at)) : undefined));
    const {failure} = await driveFor(server, 100 * minute);
    expect(failure).toBeUndefined();
    expect(server.arrivals.filter((at) => at < 65 * minute).length).toBeLessThanOrEqual(6);
    expect(server.arrivals.filter((at) => at >= 65 * minute).length).toBeGreaterThan(600);
  });

  it('are no storm of trials as our own requests grow old', async () => {
    const server = serverOf((at) => (at < 5 * minute ? undefined : tooMany(left(0))));
    const {failure} = await driveFor(server, 7 * hour);
    expect(failure).toBeUndefined();
    const refused = server.arrivals.filter((at) => at >= 5 * minute);
    expect(refused.length).toBeGreaterThanOrEqual(6);
    for (const from of refused) {
      expect(refused.filter((at) => at >= from && at < from + hour).length).toBeLessThanOrEqual(5);
    }
    expect(refused.filter((at) => at > 3 * hour).length).toBeLessThanOrEqual(9);
  });

  it('twenty in a row end the run, and everything that asks after it', async () => {
    const server = serverOf(() => tooMany(left(700)));
    const driven = await driveFor(server, hour);
    expect(server.arrivals.length).toBeGreaterThanOrEqual(20);
    expect(server.arrivals.length).toBeLessThanOrEqual(24);
    expect(driven.failure).toMatchObject({exitCode: 75, code: 'rate_limited'});
    await expect(driven.limiter.acquire('read', new AbortController().signal)).rejects.toBe(driven.failure);
  });

  it('nineteen in a row and a success do not', async () => {
    const server = serverOf((_at, n) => (n % 20 === 0 ? undefined : tooMany(left(700))));
    const {failure} = await driveFor(server, 3 * hour, {workers: 1});
    expect(server.arrivals.length).toBeGreaterThan(100);
    expect(failure).toBeUndefined();
  });
});

/** A limiter, and permissions that are taken from it while a second passes. */
function limiterOf() {
  const limiter = new FifoLimiter(openLimiter({random: () => 0}));
  const takeOne = async (): Promise<boolean> => {
    const taking = limiter.acquire('write');
    await pass(second);
    return taking;
  };
  /** Asks for permissions and counts how many have come by now. */
  const askFor = (purposes: readonly Purpose[]) => {
    const through: Purpose[] = [];
    for (const purpose of purposes) void limiter.acquire(purpose).then(() => through.push(purpose));
    return through;
  };
  return {limiter, takeOne, askFor};
}

describe('used up', () => {
  it('is the hour where a long wait is asked for, and one request goes first after it', async () => {
    const {limiter, takeOne, askFor} = limiterOf();
    await takeOne();
    limiter.complete(tooMany({'retry-after': '900'}));
    const through = askFor(['write', 'write', 'read']);
    await pass(899 * second);
    expect(through).toHaveLength(0);
    await pass(10 * second);
    expect(through).toHaveLength(1);
    limiter.complete(empty(204, left(1199)));
    await pass(10 * second);
    expect(through).toHaveLength(3);
  });

  it('stops tokens and probes, too, for as long as the API says', async () => {
    const {limiter, takeOne, askFor} = limiterOf();
    await takeOne();
    limiter.complete(tooMany({...left(0), 'retry-after': '900'}));
    const through = askFor(['token', 'probe', 'settle']);
    await pass(899 * second);
    expect(through).toEqual([]);
    await pass(10 * second);
    expect(through).toContain('token');
  });

  it('stays so where the request on trial is refused, however short the wait it is told', async () => {
    const {limiter, takeOne, askFor} = limiterOf();
    await takeOne();
    limiter.complete(tooMany({'retry-after': '900'}));
    const through = askFor(['write', 'write']);
    await pass(910 * second);
    expect(through).toHaveLength(1);
    limiter.complete(tooMany({'retry-after': '2'}));
    await pass(5 * minute);
    expect(through).toHaveLength(1);
  });

  it('is not over because a proxy shows an error page: one request at a time goes on trying', async () => {
    const from = 50 * minute;
    const server = serverOf((at, n) =>
      n === 1 ? empty(204, left(0)) : at < from + 5 * minute ? empty(502) : undefined,
    );
    await driveFor(server, from + 4 * minute, {workers: 3, latency: () => 6 * second, probe: false});
    const tried = server.arrivals.filter((at) => at >= from);
    expect(tried.length).toBeGreaterThan(10);
    expect(smallestGap(tried)).toBeGreaterThanOrEqual(6 * second);
  });

  it('lets a probe have the token that it needs, whatever happens meanwhile', async () => {
    const {limiter, takeOne, askFor} = limiterOf();
    await takeOne();
    limiter.complete(empty(204, left(0)));
    limiter.limiter.probeWith(async () => {
      await limiter.acquire('probe');
      limiter.complete(tooMany({...left(700), 'retry-after': '5'}));
      await limiter.acquire('token');
      limiter.complete(empty(200));
      await limiter.acquire('probe');
      limiter.complete(empty(200, left(700)));
    });
    const through = askFor(['write', 'write']);
    await pass(minute);
    expect(through).toHaveLength(2);
  });
});
