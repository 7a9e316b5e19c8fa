import {it} from 'vitest';
import {measureHours} from '../limits/measure-hours.ts';
import type {HourWindow} from '../limits/hour-server.ts';
import {record} from './results.ts';

/**
 * How much of the API's budget the limiter uses in a bit over five virtual hours at 2 a second and 1,200 an hour, as
 * a share of what a client would get that knew the API's counter; and how often it is refused in the worst hour.
 */
const hour = 3_600_000;
const start = Date.UTC(2026, 10, 23, 8, 37, 11);
const windows: HourWindow[] = ['fixed', 'clock', 'sliding'];

// oxlint-disable-next-line vitest/expect-expect -- it measures; what has to hold is in hours.test.ts
it('prints the utilisation', () => {
  const rows = [];
  for (const window of windows) {
    for (const retryAfter of [true, false]) {
      for (const otherEvery of [undefined, 9000]) {
        const options = {window, retryAfter, perHour: 1200, headers: true, ...(otherEvery && {otherEvery})};
        const {share, refusedAnHour} = measureHours(options, {start, lengthMs: 5 * hour + hour / 3});
        rows.push({
          window,
          retryAfter,
          other: otherEvery ? 'a third' : 'none',
          share: share.toFixed(4),
          refusedAnHour,
        });
      }
    }
  }
  const least = Math.min(...rows.map(({share}) => Number(share)));
  record({
    what: 'share of the hourly limit that is used, over five hours',
    measured: `${rows.length} kinds of servers: ${(100 * least).toFixed(1)} to 100 %`,
    yardstick: "a client that knows the server's counter",
    value: 100 * least,
    unit: '%',
  });
  process.stdout.write(`${rows.map((row) => Object.values(row).join('\t')).join('\n')}\n`);
});
