import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {drive, pass, smallestGap} from './drive-limiter.ts';
import {HourServer, type HourServerOptions, type HourWindow, idealOf, mostInAnHour} from './hour-server.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8, 37, 11);

beforeEach(() => void vi.useFakeTimers({now: start}));
afterEach(() => void vi.useRealTimers());

const windows: HourWindow[] = ['fixed', 'clock', 'sliding'];
const cases = windows.flatMap((window) =>
  [true, false].flatMap((retryAfter) =>
    [undefined, 9000].map((otherEvery): HourServerOptions => ({
      window,
      perHour: 1200,
      retryAfter,
      headers: true,
      ...(otherEvery !== undefined && {otherEvery}),
    })),
  ),
);

describe('over some hours', () => {
  it.each(cases)('$window hour, Retry-After $retryAfter, other client each $otherEvery ms', async (options) => {
    const server = new HourServer(options, start);
    const driven = drive(server);
    const length = 5 * hour + 20 * minute;
    await pass(length);
    const ideal = idealOf(options, start, start + length);
    console.log(options, server.admitted.length, ideal, (server.admitted.length/ideal).toFixed(4), 'refused', server.refused.map(x=>((x-start)/60000).toFixed(2)).join(), mostInAnHour(server.refused), smallestGap(driven.sent));
    await driven.stop();
  });
});
