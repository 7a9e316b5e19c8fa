import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {drive, pass} from './drive-limiter.ts';
import {measureHours} from './measure-hours.ts';
import {HourServer, type HourWindow} from './hour-server.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8, 37, 11);

beforeEach(() => void vi.useFakeTimers({now: start}));
afterEach(() => void vi.useRealTimers());

const windows: HourWindow[] = ['fixed', 'clock', 'sliding'];
const each = <T>(values: readonly T[]) =>
  windows.flatMap((window) => values.map((value) => ({window, ...value})));

describe('whatever an hour is to the API, a client that hears its count', () => {
  it.each(
    each([
      {retryAfter: true, otherEvery: undefined},
      {retryAfter: false, otherEvery: undefined},
      {retryAfter: true, otherEvery: 9000},
      {retryAfter: false, otherEvery: 9000},
    ]),
  )(
    'uses it up: $window, Retry-After $retryAfter, another client every $otherEvery ms',
    async ({window, retryAfter, otherEvery}) => {
      const measured = await measureHours(
        start,
        {window, retryAfter, perHour: 1200, headers: true, ...(otherEvery !== undefined && {otherEvery})},
        3 * hour + 25 * minute,
      );
      expect(measured.failure).toBeUndefined();
      expect(measured.share).toBeGreaterThanOrEqual(0.99);
      expect(measured.refusedAnHour).toBeLessThanOrEqual(2);
      expect(measured.gap).toBeGreaterThanOrEqual(490);
    },
  );

  it('learns what the hour is: once that is known, nothing is refused any more', async () => {
    for (const window of windows) {
      vi.setSystemTime(start);
      const measured = await measureHours(
        start,
        {window, retryAfter: false, perHour: 300, headers: true},
        4 * hour,
      );
      expect(measured.refused, window).toBeLessThanOrEqual(2);
      expect(measured.share, window).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('goes by the clock of the API, which may be minutes off', async () => {
    const measured = await measureHours(
      start,
      {window: 'clock', retryAfter: false, perHour: 300, headers: true},
      3 * hour + 25 * minute,
      -17 * minute,
    );
    expect(measured.refused).toBe(1);
    expect(measured.share).toBeGreaterThanOrEqual(0.99);
  });

  it('tells how long it waits, once for each long wait', async () => {
    const {waits} = await measureHours(
      start,
      {window: 'clock', retryAfter: false, perHour: 300, headers: true},
      hour,
    );
    expect(waits.map(({reason}) => reason)).toEqual(['hour', 'hour']);
    // 08:39:45 to 09:00:02, and from two and a half minutes later to 10:00:02.
    expect(waits.map(({ms}) => Math.round(ms / minute))).toEqual([20, 57]);
  });
});

describe('where the API says nothing of its limits, the own count', () => {
  it.each(each([{retryAfter: true}, {retryAfter: false}]))(
    'serves as well: $window, Retry-After $retryAfter',
    async ({window, retryAfter}) => {
      const measured = await measureHours(
        start,
        {window, retryAfter, perHour: 1200, headers: false},
        3 * hour + 25 * minute,
      );
      expect(measured.share).toBeGreaterThanOrEqual(0.99);
      expect(measured.refusedAnHour).toBeLessThanOrEqual(2);
      expect(measured.gap).toBeGreaterThanOrEqual(490);
    },
  );

  it('begins anew with the hour, though another client used up a part of the last one', async () => {
    const measured = await measureHours(
      start,
      {window: 'clock', retryAfter: false, perHour: 1200, headers: false, otherEvery: 9000},
      3 * hour + 25 * minute,
    );
    expect(measured.share).toBeGreaterThanOrEqual(0.99);
    expect(measured.refusedAnHour).toBeLessThanOrEqual(5);
  });

  it('does not stop a client whose limit is lower than documented', async () => {
    for (const window of windows) {
      vi.setSystemTime(start);
      const measured = await measureHours(
        start,
        {window, retryAfter: false, perHour: 150, headers: false},
        4 * hour + 25 * minute,
      );
      expect(measured.share, window).toBeGreaterThanOrEqual(0.97);
      expect(measured.refusedAnHour, window).toBeLessThanOrEqual(6);
      expect(measured.failure, window).toBeUndefined();
    }
  });
});

describe('a long file', () => {
  it('takes two hours and two minutes for 2,600 rows from the full hour on', async () => {
    const from = Date.UTC(2026, 10, 23, 9);
    for (const window of windows) {
      vi.setSystemTime(from);
      const server = new HourServer({window, retryAfter: false, perHour: 1200, headers: true}, from);
      const driven = drive(server);
      await pass(1.03 * (121 * minute + 40_000));
      expect(server.admitted.length, window).toBeGreaterThanOrEqual(2600);
      await driven.stop();
    }
  });
});
