import {afterEach, beforeEach, describe, it, vi} from 'vitest';
import {drive, pass, smallestGap} from './drive-limiter.ts';
import {HourServer, type HourServerOptions, type HourWindow, idealOf, mostInAnHour} from './hour-server.ts';
const minute = 60_000;
const hour = 60 * minute;
afterEach(() => void vi.useRealTimers());
const windows: HourWindow[] = ['fixed', 'clock', 'sliding'];
const cases = windows.flatMap((window) =>
  [true, false].flatMap((retryAfter) =>
    [undefined, 9000].flatMap((otherEvery) =>
    [[true,1200,37],[false,1200,37],[false,600,37],[true,100,37],[true,1200,5],[true,1200,55], [true,1800,20]].map(([headers,perHour,at]) => ({window,perHour,retryAfter,headers,at,...(otherEvery !== undefined && {otherEvery: otherEvery * 1200/(perHour as number)})}) as HourServerOptions & {at:number}),
  ),
));
describe('over some hours', () => {
  it.each(cases)('$window hour, Retry-After $retryAfter, other client each $otherEvery ms', async (options) => {
    const start = Date.UTC(2026, 10, 23, 8, options.at, 11);
    vi.useFakeTimers({now: start});
    const server = new HourServer(options, start);
    const driven = drive(server);
    const length = 5 * hour + 25 * minute;
    await pass(length);
    const ideal = idealOf(options, start, start + length);
    console.log(options.window, options.perHour, 'RA',options.retryAfter,'H',options.headers,'other',options.otherEvery,'at',options.at, '=>', server.admitted.length, ideal, (server.admitted.length/ideal).toFixed(4), 'refused', mostInAnHour(server.refused), server.refused.map(x=>((x-start)/60000).toFixed(2)).join().slice(0,120), smallestGap(driven.sent), String(driven.failure ?? ''));
    await driven.stop();
  });
});
