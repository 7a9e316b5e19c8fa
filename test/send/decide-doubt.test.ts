import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {decideDoubt, type DoubtfulRow} from '../../src/send/decide-doubt.ts';
import type {ObservedRecord, ReadBackResult} from '../../src/plan/read-records.ts';
import {loanJob, shelfJob} from '../plan/small-jobs.ts';

const observed = (values: Values, id?: number): ObservedRecord => ({
  values,
  id,
});
const ambiguous = (why: string) => ({res: 'ambiguous', why: expect.stringContaining(why) as string});

describe('a creation in doubt', () => {
  const values = {user_id: 4, book: 'Emma', remark: 'soon'};
  const row: DoubtfulRow = {
    values,
    bound: values,
    facts: {},
    action: 'create',
    isIdempotent: false,
    knownAbsent: false,
    top: 8,
  };
  const unknownTop = {...row, top: undefined};
  const knownAbsent = {...row, knownAbsent: true};
  const refused = {...knownAbsent, isRefused: true, isTaken: true};
  const refusedAgain = {...row, isTaken: true};
  const cases: [string, DoubtfulRow, readonly ReadBackResult[], object][] = [
    ['stays in doubt where there is nothing to read', row, [], ambiguous('does not show')],
    ['stays in doubt where reading is refused', knownAbsent, ['unreadable'], ambiguous('does not show')],
    ['was not applied where nothing is there', row, [[]], {res: 'absent'}],
    [
      'was not applied where another key is there',
      knownAbsent,
      [[observed({...values, user_id: 5}, 9)]],
      {res: 'absent'},
    ],
    ['was applied where the record was created since', row, [[observed(values, 9)]], {res: 'found', id: 9}],
    ['was not applied where the record was there before', row, [[observed(values, 8)]], {res: 'absent'}],
    [
      'was applied where nothing was there before',
      {...unknownTop, knownAbsent: true},
      [[observed(values, 9)]],
      {res: 'found', id: 9},
    ],
    [
      'was applied by a record without an id, where it was not there before',
      knownAbsent,
      [[observed(values)]],
      {res: 'found'},
    ],
    [
      'stays in doubt where nothing tells since when the record exists',
      unknownTop,
      [[observed(values, 9)]],
      ambiguous('since when'),
    ],
    [
      'does not take an older record for a second one',
      row,
      [[observed(values, 8), observed(values, 9)]],
      {res: 'found', id: 9},
    ],
    [
      'stays in doubt where two were created',
      row,
      [[observed(values, 9), observed(values, 10)]],
      ambiguous('several records'),
    ],
    [
      'stays in doubt where it was created with other values',
      knownAbsent,
      [[observed({...values, remark: 'late'}, 9)]],
      ambiguous('another remark'),
    ],
    [
      'was there before, as wanted, where its only attempt was refused',
      refused,
      [[observed({...values, remark: 'late'}, 8), observed(values, 9)]],
      {res: 'exists', id: 9, differs: []},
    ],
    ['was refused for a record that nothing shows', refused, [[]], {res: 'absent'}],
    [
      'was applied by the attempt before the one that was refused',
      refusedAgain,
      [[observed(values, 9)]],
      {res: 'found', id: 9},
    ],
    [
      'was there before both of its attempts',
      refusedAgain,
      [[observed(values, 8)]],
      {res: 'exists', id: 8, differs: []},
    ],
    [
      'is another client’s where that made the record between the reading and the attempt',
      knownAbsent,
      [[observed(values, 8)]],
      {res: 'exists', id: 8, differs: []},
    ],
    [
      'is another client’s where the API has refused the row',
      refused,
      [[observed({...values, remark: 'late'}, 9)]],
      {res: 'exists', id: 9, differs: ['remark']},
    ],
    [
      'stays in doubt where a record like it was created since, with another text',
      knownAbsent,
      [[observed({...values, book: 'Emma, cut'}, 9)]],
      ambiguous('another text'),
    ],
    [
      'was not applied where a record like it was there before',
      knownAbsent,
      [[observed({...values, book: 'Persuasion'}, 8)]],
      {res: 'absent'},
    ],
  ];

  it.each(cases)('%s', (_, doubtful, results, decision) => {
    expect(decideDoubt(loanJob, doubtful, results)).toEqual(decision);
  });
});

describe('an update in doubt', () => {
  const update = (values: Values, isIdempotent = true, facts: DoubtfulRow['facts'] = {}): DoubtfulRow => ({
    values,
    bound: values,
    facts,
    action: 'update',
    isIdempotent,
    knownAbsent: false,
  });
  const allBoards = {cols: ['boards.0.wood', 'boards.1.wood', 'pin'], unread: ['pin']};
  const title = {id: 7, title: 'Novels'};
  const boards = {...title, boards: [{wood: 'oak'}, {wood: 'ash'}]};
  const cases: [string, DoubtfulRow, readonly ReadBackResult[], object][] = [
    ['may be sent again where there is nothing to read', update(title), [], {res: 'absent'}],
    [
      'may be sent again where reading is refused',
      update(title),
      [[observed(title)], 'unreadable'],
      {res: 'absent'},
    ],
    [
      'may not be sent again unread when it adds records',
      update(boards, false),
      [[observed(title)], 'unreadable'],
      ambiguous('does not show'),
    ],
    [
      'was applied where all is as wanted',
      update(title),
      [[observed({id: 7, title: 'Novels'})], []],
      {res: 'found'},
    ],
    [
      'was not applied where something differs',
      update(title),
      [[observed({id: 7, title: 'Poems'})], []],
      {res: 'absent', whole: title},
    ],
    [
      'proves nothing by a field that cannot be read',
      update({...title, pin: '9'}),
      [[observed(title)], []],
      {res: 'absent', whole: {...title, pin: '9'}},
    ],
    [
      'is proven by the records that it added, whatever cannot be read',
      update({...boards, pin: '9'}, false, allBoards),
      [
        [observed(title)],
        [observed({boards: [{id: 1, wood: 'ash'}]}), observed({boards: [{id: 2, wood: 'oak'}]})],
      ],
      {res: 'found'},
    ],
    [
      'is sent again with the ids of records that are there by now',
      update(boards, false),
      [[observed({id: 7, title: 'Poems'})], [observed({boards: [{id: 2, wood: 'oak'}]})]],
      {res: 'absent', whole: {...title, boards: [{id: 2, wood: 'oak'}, {wood: 'ash'}]}},
    ],
    [
      'was not applied where a reading shows that there is nothing',
      update(boards, false),
      [[observed(title)], []],
      {res: 'absent', whole: boards},
    ],
    [
      'stays in doubt where the records that it added cannot be seen, whatever else is as wanted',
      update({id: 7, boards: [{wood: 'oak'}]}, false, {cols: ['boards.0.wood'], unread: ['boards.0.wood']}),
      [[observed({id: 7, boards: [{id: 1, wood: 'oak'}]})], []],
      ambiguous('no reading shows'),
    ],
    [
      'is proven by a value that was another one before',
      update({...title, boards: [{wood: 'oak'}]}, false, {
        cols: ['title', 'boards.0.wood'],
        unread: ['boards.0.wood'],
      }),
      [[observed(title)], undefined],
      {res: 'found'},
    ],
    [
      'is sent again where it changes a record that was there, and a field that cannot be read',
      update({id: 7, boards: [{id: 2, wood: 'oak'}], pin: '9'}, true, {
        cols: ['pin'],
        unread: ['pin'],
        nested: {'boards.0': 2},
      }),
      [[observed({id: 7, boards: [{id: 2, wood: 'oak'}]})], []],
      {res: 'absent', whole: {id: 7, boards: [{id: 2, wood: 'oak'}], pin: '9'}},
    ],
  ];

  it.each(cases)('%s', (_, doubtful, results, decision) => {
    expect(decideDoubt(shelfJob, doubtful, results)).toEqual(decision);
  });
});
