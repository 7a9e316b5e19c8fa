import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {selectLines} from '../../src/input/select-lines.ts';
import {createdRecords, lineRanges} from '../../src/app/open/created-records.ts';
import {requireRemoval} from '../../src/job/job-for.ts';
import {loanJob, shelfJob} from '../plan/small-jobs.ts';

function statesOf(entries: readonly Entry[]): RowStates {
  const states = new RowStates(10);
  entries.forEach((entry, s) => states.fold({...entry, s, b: s, t: 1000 + s}));
  return states;
}

const created = statesOf([
  {k: 'done', r: 2, a: 1, o: 'created', id: 501},
  {k: 'done', r: 3, a: 1, o: 'failed', code: 'taken'},
  {k: 'done', r: 4, a: 1, o: 'updated', id: 502},
  {k: 'done', r: 5, a: 1, o: 'created'},
  {k: 'unchanged', r: 6, id: 503},
  {k: 'intent', r: 7, a: 1, q: 'POST /v2/loans'},
  {k: 'done', r: 9, a: 2, o: 'created', id: 504, via: 'readback'},
]);

it('removes what was created and has an id, and nothing else', () => {
  const ids = new Map([
    [2, 501],
    [9, 504],
  ]);
  expect(createdRecords(created)).toEqual({ids, withoutId: 1});
  expect(createdRecords(statesOf([]))).toEqual({ids: new Map(), withoutId: 0});
});

describe('lineRanges', () => {
  it.each([
    [[2], '2'],
    [[2, 3, 4], '2-4'],
    [[2, 4, 5, 7, 8, 9, 12], '2,4-5,7-9,12'],
    [[], ''],
  ])('writes %j as %j', (lines, text) => {
    expect(lineRanges(lines)).toBe(text);
  });

  it('is read back as exactly these lines', () => {
    const lines = fc
      .uniqueArray(fc.integer({min: 1, max: 120}), {minLength: 1, maxLength: 80})
      .map((list) => list.toSorted((one, other) => one - other));
    fc.assert(
      fc.property(lines, (wanted) => {
        const selection = selectLines(lineRanges(wanted));
        const selected = Array.from({length: 130}, (_, at) => at).filter((line) => selection.has(line));
        expect(selected).toEqual(wanted);
        expect(selection.isOver(wanted.at(-1) ?? 0)).toBe(false);
        expect(selection.isOver((wanted.at(-1) ?? 0) + 1)).toBe(true);
      }),
    );
  });
});

it('is refused for a job that does not say how its records are removed', () => {
  expect(() => requireRemoval(shelfJob, 'no_undo')).toThrow(UsageError);
  expect(() => requireRemoval(shelfJob, 'no_undo')).toThrow(expect.objectContaining({code: 'no_undo'}));
  requireRemoval(loanJob, 'no_undo');
});
