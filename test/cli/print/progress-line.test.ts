import {describe, expect, it} from 'vitest';
import {duration, progressLine} from '../../../src/cli/print/progress-line.ts';
import {noCounts} from '../../../src/outcome.ts';

const now = new Date(2026, 10, 23, 14, 0, 0).getTime();
const limits = {perSecond: 2, perHour: 1200, left: 700};

describe('the progress line', () => {
  const counts = {...noCounts(), created: 30, failed: 5, in_doubt: 2, not_started: 63};

  it('shows bar, rows, rate, outcomes, time left, the end and what is left of the hour', () => {
    expect(progressLine({counts, rate: 1.96, limits, now}, 200)).toEqual([
      '━━━━━━━─────────────  35/100 rows  2.0/s  30 created  5 failed  2 in doubt  32 s left  until 14:00:31  700 requests left this hour',
    ]);
    expect(progressLine({counts, rate: 348.2, limits, now}, 200)[0]).toContain(
      '35/100 rows  348/s  30 created',
    );
    expect(progressLine({counts, rate: undefined, limits, now}, 200)[0]).toContain('35/100 rows  30 created');
  });

  it('works the end out from the budget: what does not fit in this hour waits for the next', () => {
    const many = {...noCounts(), created: 1, not_started: 800};
    expect(progressLine({counts: many, rate: 2, limits, now}, 200)[0]).toContain(
      '1 h 00 min left  until 15:00:50',
    );
  });

  it('tells that others share the budget, and counts on a part of it', () => {
    const some = {...noCounts(), created: 37, not_started: 63};
    expect(progressLine({counts: some, rate: 2, limits: {...limits, sharers: 3}, now}, 200)).toEqual([
      '━━━━━━━─────────────  37/100 rows  2.0/s  37 created  1 min 35 s left  until 14:01:34  700 requests left this hour (shared by 3)',
    ]);
  });

  it.each([
    [
      110,
      [
        '━━━━━━━─────────────  35/100 rows  2.0/s  30 created  5 failed  2 in doubt  32 s left  until 14:00:31',
      ],
    ],
    [100, ['━━━───────  35/100 rows  2.0/s  30 created  5 failed  2 in doubt  32 s left  until 14:00:31']],
    [
      60,
      [
        '━━━───────  35/100 rows  32 s left  until 14:00:31  2.0/s',
        '30 created  5 failed  2 in doubt  700 left this hour',
      ],
    ],
    [40, ['35/100 rows  32 s left  until 14:00:31', '30 created  5 failed  2 in doubt']],
    [22, ['35/100 rows  32 s left', '30 created  5 failed']],
    [3, []],
  ])('leaves out the least telling parts, and takes two lines, where it is narrow: %d', (width, lines) => {
    expect(progressLine({counts, rate: 2, limits, now}, width)).toEqual(lines);
  });

  it.each([
    [
      100,
      ['━━━───────  35/100 rows  30 created  5 failed  2 in doubt  the hour is used up: on at 15:00, in 1 h'],
    ],
    [
      60,
      [
        '━━━───────  35/100 rows  30 created  5 failed  2 in doubt',
        'the hour is used up: on at 15:00, in 1 h',
      ],
    ],
    [39, ['35/100 rows  the hour is used up', 'on at 15:00, in 1 h']],
    [20, ['the hour is used up', 'on at 15:00, in 1 h']],
  ])('says why it waits, and how long, in place of the end: %d columns', (width, lines) => {
    const waiting = {why: 'the hour is used up', end: 'on at 15:00, in 1 h'};
    expect(progressLine({counts, rate: 2, limits, now, waiting}, width)).toEqual(lines);
  });

  it('has no bar in a log, and none while nothing is known of the rows', () => {
    expect(
      progressLine({counts: {...noCounts(), created: 2}, rate: 2, limits, now}, Infinity, false),
    ).toEqual(['2/2 rows  2.0/s  2 created  700 requests left this hour']);
    const waiting = {why: 'the API asks to wait', end: 'on at 15:00, in 1 h'};
    expect(progressLine({counts: noCounts(), rate: 2, limits, now, waiting}, 100)).toEqual([
      'the API asks to wait: on at 15:00, in 1 h',
    ]);
  });

  it('counts what is removed', () => {
    const some = {...noCounts(), removed: 2};
    expect(progressLine({counts: some, rate: 2, limits, now}, 100)[0]).toContain(
      '2/2 rows  2.0/s  2 removed',
    );
  });

  it('is full when every row is done', () => {
    expect(progressLine({counts: {...noCounts(), updated: 2}, rate: 0.5, limits, now}, 200)).toEqual([
      '━━━━━━━━━━━━━━━━━━━━  2/2 rows  0.5/s  2 updated  700 requests left this hour',
    ]);
  });
});

it.each([
  [12.7, '12 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 05 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
