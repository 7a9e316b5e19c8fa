import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createLimits} from '../../src/sandbox/limits.ts';
import type {HourWindow} from '../../src/sandbox/limits.ts';
import {openSandbox} from './open-sandbox.ts';

const minuteMs = 60_000;
const hourOf = (hour: HourWindow, perHour = 3) =>
  createLimits({perSecond: Infinity, perHour, hour, hourMs: 60 * minuteMs, secondMs: 1000});

describe('the hour', () => {
  // Three arrivals at minutes 50, 55 and 58 of a clock hour spend a budget of three.
  test.each([
    ['clock', 59, 1 * 60],
    ['fixed', 59, 51 * 60],
    ['sliding', 59, 51 * 60],
  ] as const)('%s: at minute %i the wait is %i s', (hour, minute, wait) => {
    const limits = hourOf(hour);
    for (const spent of [50, 55, 58]) expect(limits.admit(spent * minuteMs).retryAfter).toBeUndefined();
    expect(limits.admit(minute * minuteMs).retryAfter).toBe(wait);
    expect(limits.headers(minute * minuteMs)['X-Hourly-RateLimit-Remaining']).toBe('0');
  });

  test.each([
    ['clock', 60, '2'],
    ['fixed', 110, '2'],
    ['sliding', 110, '0'],
  ] as const)(
    '%s: from minute %i on there is room again, %s after that request',
    (hour, minute, remaining) => {
      const limits = hourOf(hour);
      for (const spent of [50, 55, 58]) limits.admit(spent * minuteMs);
      expect(limits.admit(minute * minuteMs - 1).retryAfter).toBe(1);
      expect(limits.admit(minute * minuteMs).retryAfter).toBeUndefined();
      expect(limits.headers(minute * minuteMs)['X-Hourly-RateLimit-Remaining']).toBe(remaining);
    },
  );
});

test('no trailing second ever lets in more than its share, and an even pace is never refused', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 8}),
      fc.array(fc.nat(400), {minLength: 1, maxLength: 80}),
      (perSecond, gaps) => {
        const limits = createLimits({
          perSecond,
          perHour: Infinity,
          hour: 'clock',
          hourMs: 3_600_000,
          secondMs: 1000,
        });
        let now = 0;
        const admitted: number[] = [];
        for (const gap of gaps) {
          now += gap;
          if (limits.admit(now).retryAfter === undefined) admitted.push(now);
        }
        for (const [index, time] of admitted.entries()) {
          const later = admitted[index + perSecond];
          if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(985);
        }
        for (let sent = 0; sent < 20; sent++) {
          now += Math.max(1000, 1000 / perSecond);
          expect(limits.admit(now).retryAfter).toBeUndefined();
        }
      },
    ),
  );
});

describe('over the wire', () => {
  test('the second: a third request is a plain-text 429 that eats no budget', async () => {
    let clock = Date.parse('2026-11-22T12:20:00Z');
    const {send, sandbox} = await openSandbox({perSecond: 2, perHour: 40, now: () => clock});
    const first = await send('GET', '/v2/users/1');
    expect(first.headers.get('x-hourly-ratelimit-limit')).toBe('40');
    expect(first.headers.get('x-hourly-ratelimit-remaining')).toBe('39');
    expect(first.headers.get('x-secondly-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-secondly-ratelimit-remaining')).toBe('1');
    await send('GET', '/v2/users/1');
    const refused = await send('POST', '/v2/patronages', {patronage: {user_id: 3, godfather_id: 4}});
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe('text/plain');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.text()).toBe('429 Too Many Requests (Spam Rate Limit Exceeded)');
    expect(refused.headers.get('x-hourly-ratelimit-remaining')).toBe('38');
    expect(sandbox.ledger.at(-1)).toMatchObject({
      status: 429,
      at: clock,
      method: 'POST',
      path: '/v2/patronages',
    });
    expect(sandbox.store.patronages.size).toBe(0);
    clock += 985;
    expect((await send('GET', '/v2/users/1')).headers.get('x-hourly-ratelimit-remaining')).toBe('37');
  });

  test('the hour: Retry-After says when its window ends, unless it is switched off', async () => {
    const clock = Date.parse('2026-11-22T12:20:00Z');
    const options = {perSecond: Infinity, perHour: 1, now: () => clock};
    const {send} = await openSandbox(options);
    await send('GET', '/v2/users/1');
    expect((await send('GET', '/v2/users/1')).headers.get('retry-after')).toBe(String(40 * 60));
    const silent = await openSandbox({...options, retryAfter: false, rateHeaders: false});
    await silent.send('GET', '/v2/users/1');
    const refused = await silent.send('GET', '/v2/users/1');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.headers.get('x-hourly-ratelimit-limit')).toBeNull();
  });
});
