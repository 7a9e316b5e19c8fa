import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {decideRow} from '../../src/plan/decide-row.ts';
import type {ObservedRecord, ReadBackResult} from '../../src/plan/read-records.ts';
import {loanJob, shelfJob} from './small-jobs.ts';

const observed = (values: Values, id?: number): ObservedRecord => ({values, id});

describe('a creation', () => {
  const row = {user_id: 4, book: 'Emma', remark: 'soon'};
  const same = {user_id: 4, book: 'Emma', remark: 'soon'};
  const other = {user_id: 4, book: 'Persuasion', remark: 'soon'};
  const cases: [string, readonly ReadBackResult[] | undefined, ReturnType<typeof decideRow>][] = [
    ['is made without proof where nothing was looked at', undefined, {action: 'create', knownAbsent: false}],
    ['is made without proof where nothing can be read', [], {action: 'create', knownAbsent: false}],
    [
      'is made without proof where reading is refused',
      ['unreadable'],
      {action: 'create', knownAbsent: false},
    ],
    ['is made where nothing is there', [[]], {action: 'create', knownAbsent: true, top: 0}],
    ['is made beside another key', [[observed(other, 8)]], {action: 'create', knownAbsent: true, top: 8}],
    [
      'is not made where it is there',
      [[observed(other, 8), observed(same, 9)]],
      {action: 'unchanged', id: 9},
    ],
    ['is not made where it is there without an id', [[observed(same)]], {action: 'unchanged'}],
    [
      'is not made where the same key holds something else',
      [[observed({...same, remark: 'late'}, 9)]],
      {action: 'failed', code: 'exists_different', message: 'it exists with another remark'},
    ],
    [
      'prefers the record that is as wanted',
      [[observed({...same, remark: 'late'}, 9), observed(same, 10)]],
      {action: 'unchanged', id: 10},
    ],
  ];

  it.each(cases)('%s', (_, results, decision) => {
    expect(decideRow(loanJob, row, results, 'skip')).toEqual(decision);
  });

  it('fails where it is there and that is to be a failure', () => {
    expect(decideRow(loanJob, row, [[observed(same, 9)]], 'fail')).toMatchObject({
      action: 'failed',
      code: 'exists',
    });
    expect(decideRow(loanJob, row, [[]], 'fail')).toEqual({action: 'create', knownAbsent: true, top: 0});
  });

  it('is made whatever is there, when it is to be sent anyway', () => {
    expect(decideRow(loanJob, row, [[observed(same, 9)]], 'send')).toEqual({
      action: 'create',
      knownAbsent: false,
    });
  });

  it('counts as the same in spite of a secret that cannot be read', () => {
    expect(decideRow(loanJob, {...row, pin: '1234'}, [[observed(same, 9)]], 'skip')).toEqual({
      action: 'unchanged',
      id: 9,
    });
  });
});

describe('an update', () => {
  const row = {id: 7, title: 'Novels', quiet: 'true'};
  const all = {action: 'update', changes: []};
  const retitled = {column: 'title', from: 'Poems', to: 'Novels'};
  const cases: [string, Values, readonly ReadBackResult[] | undefined, object][] = [
    ['sends all where nothing was looked at', row, undefined, all],
    ['sends all where no reading shows anything', row, ['unreadable', 'unreadable'], all],
    ['sends all where the record was not found', row, [[], 'unreadable'], all],
    [
      'sends nothing where all is as wanted',
      row,
      [[observed({id: 7, title: 'Novels'})], []],
      {action: 'unchanged'},
    ],
    [
      'sends what differs',
      row,
      [[observed({id: 7, title: 'Poems'})], []],
      {action: 'update', changes: [retitled], columns: ['title'], values: row},
    ],
    [
      'sends what cannot be read beside what differs',
      {...row, pin: '9'},
      [[observed({id: 7, title: 'Poems'})], []],
      {action: 'update', changes: [retitled], columns: ['title', 'pin'], values: {...row, pin: '9'}},
    ],
    [
      'sends what cannot be read though nothing differs',
      {...row, pin: '9'},
      [[observed({id: 7, title: 'Novels'})], []],
      {action: 'update', changes: [], columns: ['pin'], values: {...row, pin: '9'}},
    ],
    [
      'takes an empty reading for what it proves',
      {id: 7, boards: [{wood: 'oak'}]},
      [[observed({id: 7})], []],
      {
        action: 'update',
        changes: [{column: 'boards.0.wood', from: undefined, to: 'oak'}],
        columns: ['boards.0.wood'],
        values: {id: 7, boards: [{wood: 'oak'}]},
      },
    ],
    [
      'puts several readings and records together, and takes over the ids of nested ones',
      {id: 7, title: 'Novels', boards: [{wood: 'oak'}, {wood: 'ash'}, {wood: 'elm'}]},
      [
        [observed({id: 7, title: 'Novels'})],
        [observed({boards: [{id: 31, wood: 'ash'}]}), observed({boards: [{id: 32, wood: 'oak'}]})],
      ],
      {
        action: 'update',
        changes: [{column: 'boards.2.wood', from: undefined, to: 'elm'}],
        columns: ['boards.2.wood'],
        values: {
          id: 7,
          title: 'Novels',
          boards: [{id: 32, wood: 'oak'}, {id: 31, wood: 'ash'}, {wood: 'elm'}],
        },
      },
    ],
  ];

  it.each(cases)('%s', (_, values, results, decision) => {
    expect(decideRow(shelfJob, values, results, 'skip')).toEqual(decision);
  });

  it('fails where nothing is to change and that is to be a failure', () => {
    const results = [[observed({id: 7, title: 'Novels'})], []];
    expect(decideRow(shelfJob, row, results, 'fail')).toMatchObject({action: 'failed', code: 'exists'});
    expect(decideRow(shelfJob, row, results, 'send')).toEqual(all);
  });
});
