import {describe, expect, it} from 'vitest';
import {duration, progressLine} from '../../src/cli/progress-line.ts';
import {noCounts} from '../../src/outcome.ts';

const now = new Date(2026, 10, 23, 14, 0, 0).getTime();
const limits = {perSecond: 2, perHour: 1200, left: 700};

describe('the progress line', () => {
  it('shows bar, rows, outcomes, time left, the end and what is left of the hour', () => {
    const counts = {...noCounts(), created: 30, failed: 5, in_doubt: 2, not_started: 63};
    expect(progressLine({counts, limits, now}, 200)).toBe(
      '[#######-------------] 35/100 rows  30 created  5 failed  2 in doubt  32 s left, until 14:00:31  700 requests left this hour',
    );
  });

  it('works the end out from the budget: what does not fit in this hour waits for the next', () => {
    const counts = {...noCounts(), created: 1, not_started: 800};
    expect(progressLine({counts, limits, now}, 200)).toContain('1 h 00 min left, until 15:00:50');
  });

  it('leaves out the least telling parts where it is narrow', () => {
    const counts = {...noCounts(), unchanged: 3, not_started: 1};
    expect(progressLine({counts, limits, now}, 60)).toBe('3/4 rows  3 unchanged  1 s left, until 14:00:00');
    expect(progressLine({counts, limits, now}, 25)).toBe('3/4 rows  3 unchanged');
    expect(progressLine({counts, limits, now}, 3)).toBe('3/4 rows');
  });

  it('is full when every row is done', () => {
    expect(progressLine({counts: {...noCounts(), updated: 2}, limits, now}, 200)).toBe(
      '[####################] 2/2 rows  2 updated  700 requests left this hour',
    );
  });
});

it.each([
  [12.7, '12 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 05 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
