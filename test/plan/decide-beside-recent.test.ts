import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {createJob} from '../../src/job/job.ts';
import {decideBesideRecent} from '../../src/plan/decide-beside-recent.ts';
import type {ObservedRecord, ReadBackResult} from '../../src/plan/read-records.ts';
import {loanJob, shelfJob} from './small-jobs.ts';

const shown = (values: Values, id?: number): ObservedRecord => ({values, id});
const wait = (untilMs: number) => ({action: 'wait', untilMs});

describe('a creation', () => {
  const row = {user_id: 4, book: 'Emma', remark: 'soon'};
  const decide = (
    results: ReadBackResult[],
    recent: Parameters<typeof decideBesideRecent>[4],
    existing = 'skip',
  ) => decideBesideRecent(loanJob, row, results, existing as 'skip', recent);

  it('is made where nothing was written and nothing is there', () => {
    expect(decide([[]], {kind: 'none'})).toEqual({action: 'create', knownAbsent: true, top: 0});
  });

  it('is not made again though the reading does not show it yet', () => {
    expect(decide([[]], {kind: 'same', id: 9})).toEqual({action: 'unchanged', id: 9});
    expect(decide([[]], {kind: 'same'})).toEqual({action: 'unchanged'});
    expect(decide([[]], {kind: 'same', id: 9}, 'fail')).toMatchObject({action: 'failed', code: 'exists'});
  });

  it('waits where another row with its key was created and is not shown yet', () => {
    const recent = {kind: 'other', outcome: 'created', id: 9, untilMs: 700} as const;
    expect(decide([[]], recent)).toEqual(wait(700));
    expect(decide([[shown({...row, remark: 'late'}, 8)]], recent)).toEqual(wait(700));
    expect(decide([[shown({...row, remark: 'late'}, 9)]], recent)).toMatchObject({code: 'exists_different'});
    expect(decide([[]], {kind: 'other', outcome: 'created', untilMs: 600})).toEqual(wait(600));
    expect(decide([[]], {kind: 'other', outcome: 'updated', id: 9, untilMs: 500})).toEqual(wait(500));
  });

  it('is made where its record was removed, whatever a late reading shows', () => {
    const recent = {kind: 'removed', ids: new Set([9, 8])} as const;
    expect(decide([[shown(row, 9)]], recent)).toEqual({action: 'create', knownAbsent: true, top: 0});
    expect(decide([[]], recent)).toEqual({action: 'create', knownAbsent: true, top: 0});
    expect(decide(['unreadable'], recent)).toEqual({action: 'create', knownAbsent: false});
    expect(decide([[shown(row, 10)]], recent)).toEqual({action: 'unchanged', id: 10});
  });
});

describe('an update', () => {
  const adding = createJob('shelves', {
    ...shelfJob.definition,
    isIdempotent: (row) => !('boards' in row) || hasIds(row),
  });
  const hasIds = ({boards}: Values) => (boards as Values[]).every(({id}) => id !== undefined);
  const other = {kind: 'other', outcome: 'updated', untilMs: 700} as const;

  it('is sent whole where another row changed the record just now: the reading may be of before', () => {
    const decide = (title: string) =>
      decideBesideRecent(adding, {id: 3, title: 'B'}, [[shown({id: 3, title})], []], 'skip', other);
    expect(decide('B')).toEqual({action: 'update', changes: []});
    expect(decide('A')).toEqual({
      action: 'update',
      changes: [{column: 'title', from: 'A', to: 'B'}],
      values: {id: 3, title: 'B'},
    });
  });

  it('that adds nested records waits', () => {
    const row = {id: 3, boards: [{wood: 'oak'}]};
    expect(decideBesideRecent(adding, row, [[shown({id: 3})], []], 'skip', other)).toEqual(wait(700));
    const there = [[shown({id: 3})], [shown({boards: [{id: 5, wood: 'oak'}]})]];
    expect(decideBesideRecent(adding, row, there, 'skip', other)).toEqual(wait(700));
  });

  it('is none where this very row was applied', () => {
    const late = [[shown({id: 3, title: 'A'})], []];
    expect(decideBesideRecent(adding, {id: 3, title: 'B'}, late, 'skip', {kind: 'same'})).toEqual({
      action: 'unchanged',
    });
  });
});
