import {describe, expect, it} from 'vitest';
import type {Values} from '../../src/job/row.ts';
import {decideDoubt, type DoubtfulRow} from '../../src/send/decide-doubt.ts';
import type {ObservedRecord, ReadBackResult} from '../../src/plan/read-records.ts';
import {loanJob, shelfJob} from '../plan/small-jobs.ts';

const observed = (values: Values, id?: number, createdAt?: string): ObservedRecord => ({
  values,
  id,
  createdAt,
});
const sentAt = '2026-11-23T09:00:00.000Z';
const ambiguous = (why: string) => ({res: 'ambiguous', why: expect.stringContaining(why) as string});

describe('a creation in doubt', () => {
  const values = {user_id: 4, book: 'Emma', remark: 'soon'};
  const row: DoubtfulRow = {
    values,
    isCreation: true,
    isIdempotent: false,
    knownAbsent: false,
    isTaken: false,
    mayBeOurs: true,
    since: Date.parse(sentAt),
  };
  const knownAbsent = {...row, knownAbsent: true};
  const refused = {...knownAbsent, isTaken: true, mayBeOurs: false};
  const refusedAgain = {...row, isTaken: true};
  const older = '2026-11-23T08:59:59.999Z';
  const cases: [string, DoubtfulRow, readonly ReadBackResult[], object][] = [
    ['stays in doubt where there is nothing to read', row, [], ambiguous('does not show')],
    ['stays in doubt where reading is refused', knownAbsent, ['unreadable'], ambiguous('does not show')],
    ['was not applied where nothing is there', row, [[]], {res: 'absent'}],
    [
      'was not applied where another key is there',
      knownAbsent,
      [[observed({...values, book: 'Persuasion'}, 8, sentAt)]],
      {res: 'absent'},
    ],
    [
      'was applied where the record was created since',
      row,
      [[observed(values, 9, sentAt)]],
      {res: 'found', id: 9},
    ],
    [
      'was not applied where the record is older, in whatever zone that is written',
      row,
      [[observed(values, 9, '2026-11-23T09:59:59+01:00')]],
      {res: 'absent'},
    ],
    [
      'was applied though the clocks differ, where it was not there before',
      knownAbsent,
      [[observed(values, 9, older)]],
      {res: 'found', id: 9},
    ],
    [
      'was applied by an age that is not shown, where it was not there before',
      knownAbsent,
      [[observed(values)]],
      {res: 'found'},
    ],
    ['stays in doubt by a record of unknown age', row, [[observed(values, 9)]], ambiguous('since when')],
    [
      'does not take an older record for a second one',
      row,
      [[observed(values, 8, older), observed(values, 9, sentAt)]],
      {res: 'found', id: 9},
    ],
    [
      'stays in doubt where two were created',
      row,
      [[observed(values, 8, sentAt), observed(values, 9, sentAt)]],
      ambiguous('2 records'),
    ],
    [
      'stays in doubt where it was created with other values',
      knownAbsent,
      [[observed({...values, remark: 'late'}, 9, sentAt)]],
      ambiguous('another remark'),
    ],
    [
      'was there before, as wanted, where its only attempt was refused',
      refused,
      [[observed({...values, remark: 'late'}, 8, sentAt), observed(values, 9, sentAt)]],
      {res: 'exists', id: 9, differs: []},
    ],
    [
      'was there before with other values',
      refused,
      [[observed({...values, remark: 'late'}, 9, older)]],
      {res: 'exists', id: 9, differs: ['remark']},
    ],
    ['was refused for a record that nothing shows', refused, [[]], {res: 'absent'}],
    [
      'was applied by the attempt before the one that was refused',
      refusedAgain,
      [[observed(values, 9, sentAt)]],
      {res: 'found', id: 9},
    ],
    [
      'was there before both of its attempts',
      refusedAgain,
      [[observed(values, 9, older)]],
      {res: 'exists', id: 9, differs: []},
    ],
  ];

  it.each(cases)('%s', (_, doubtful, results, decision) => {
    expect(decideDoubt(loanJob, doubtful, results)).toEqual(decision);
  });
});

describe('an update in doubt', () => {
  const update = (values: Values, isIdempotent = true): DoubtfulRow => ({
    values,
    isCreation: false,
    isIdempotent,
    knownAbsent: false,
    isTaken: false,
    mayBeOurs: true,
    since: Date.parse(sentAt),
  });
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
      {res: 'absent', values: title},
    ],
    [
      'proves nothing by a field that cannot be read',
      update({...title, pin: '9'}),
      [[observed(title)], []],
      {res: 'absent', values: {...title, pin: '9'}},
    ],
    [
      'is proven by the records that it added, whatever cannot be read',
      update({...boards, pin: '9'}, false),
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
      {res: 'absent', values: {...title, boards: [{id: 2, wood: 'oak'}, {wood: 'ash'}]}},
    ],
    [
      'was not applied where a reading shows that there is nothing',
      update(boards, false),
      [[observed(title)], []],
      {res: 'absent', values: boards},
    ],
  ];

  it.each(cases)('%s', (_, doubtful, results, decision) => {
    expect(decideDoubt(shelfJob, doubtful, results)).toEqual(decision);
  });
});
