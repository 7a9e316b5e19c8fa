import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {RequestTimeline} from '../../src/journal/request-timeline.ts';
import type {MadeUpEntry} from './made-up-input.ts';

const nine = Date.UTC(2026, 10, 23, 9);

function timelineOf(entries: Iterable<MadeUpEntry>): RequestTimeline {
  const timeline = new RequestTimeline();
  for (const entry of entries) timeline.fold({...entry, s: 0, b: 0});
  return timeline;
}

const intent = (t: number): MadeUpEntry => ({k: 'intent', t, r: 2, a: 1, q: 'q'});

describe('the requests of a run over time', () => {
  it('counts every request once, in stretches that follow each other, at most 120', () => {
    const gaps = fc.array(fc.integer({min: 0, max: 4_000_000}), {minLength: 1, maxLength: 400});
    fc.assert(
      fc.property(gaps, fc.constantFrom(1, 500, 20_000), (some, slow) => {
        let t = nine + 123_456;
        const times = some.map((gap) => (t += Math.floor(gap / slow)));
        const timeline = timelineOf(times.map(intent));
        const buckets = timeline.buckets();
        expect(buckets.length).toBeLessThanOrEqual(120);
        for (const [at, {start, sent}] of buckets.entries()) {
          expect(start).toBe((buckets[0]?.start ?? 0) + at * timeline.width);
          expect(sent).toBe(times.filter((time) => time >= start && time < start + timeline.width).length);
        }
        expect(buckets.reduce((sum, {sent}) => sum + sent, 0)).toBe(times.length);
      }),
    );
  });

  it('shows how much of each clock hour was used, at any width', () => {
    const halfPastEight = nine - 1_800_000;
    const minutes = Array.from({length: 90}, (_, minute) => intent(halfPastEight + minute * 60_000));
    const used = timelineOf(minutes)
      .buckets()
      .map(({hourUsed}) => hourUsed);
    expect(Math.max(...used)).toBe(60);
    expect(used[used.length - 1]).toBe(60);
    expect(used.slice(28, 32)).toEqual([29, 30, 1, 2]);

    const days = Array.from({length: 500}, (_, hour) => intent(nine + hour * 3_600_000 + 5));
    const twice = timelineOf([...days, ...days, intent(nine + 3_600_000)]);
    expect(twice.width).toBeGreaterThan(3_600_000);
    expect(Math.max(...twice.buckets().map(({hourUsed}) => hourUsed))).toBe(3);
    expect(twice.buckets().at(-1)?.hourUsed).toBe(2);
  });

  it('keeps what planning spent apart, and takes back what was never sent', () => {
    const timeline = timelineOf([
      {k: 'open', t: nine, pid: 1},
      {k: 'spent', t: nine, n: 40, x: 0},
      {k: 'spent', t: nine, n: 2, x: 0},
      intent(nine + 1000),
      intent(nine + 2000),
    ]);
    timeline.fold({k: 'unsent', t: nine + 90_000, r: 2, a: 1, why: 'ENOTFOUND', s: 0, b: 0}, nine + 2000);
    expect(timeline.planned).toBe(40);
    expect(timeline.buckets()).toEqual([{start: nine, sent: 3, hourUsed: 43}]);
  });

  it('knows no request and no limit before there is one', () => {
    const timeline = timelineOf([{k: 'open', t: nine, pid: 1}]);
    expect(timeline.buckets()).toEqual([]);
    expect(timeline.limits).toBeUndefined();
    timeline.fold({k: 'limits', t: nine, perSecond: 8, perHour: 3600, s: 0, b: 0});
    expect(timeline.limits).toEqual({perSecond: 8, perHour: 3600});
  });
});
