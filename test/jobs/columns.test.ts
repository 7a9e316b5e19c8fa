import {describe, expect, it} from 'vitest';
import {buildTemplate} from '../../src/job/build-template.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {issuesOf, readRow} from '../job/read-csv.ts';
import {documents} from './documents.ts';

describe.each(Object.entries(documents))('the parameters of %s', (name, {parameters}) => {
  const documented = parameters
    .split(' ')
    .map((entry) => ({column: entry.replace('?', ''), nil: entry.endsWith('?')}));

  it('are its columns, all and no others', async () => {
    const {header} = buildTemplate(await loadJob(name));
    expect(header.toSorted()).toEqual(documented.map(({column}) => column).toSorted());
  });

  it('take <clear> only where the document allows null', async () => {
    const job = await loadJob(name);
    const {header, example} = buildTemplate(job);
    const cells = Object.fromEntries(header.map((title, at) => [title, example[at] ?? '']));
    const refusals = documented.map(({column}) => {
      const row = readRow(job, {...cells, [column]: ' <clear> '});
      return [column, 'issues' in row ? row.issues.map((issue) => [issue.column, issue.code]) : []];
    });
    const isKey = (column: string) => job.definition.keys.flat().includes(column);
    const expected = documented.map(({column, nil}) => [
      column,
      nil && !isKey(column) ? [] : [[column, 'not_clearable']],
    ]);
    expect(Object.fromEntries(refusals)).toEqual(Object.fromEntries(expected));
  });
});

it('a row names its problems all at once', async () => {
  const job = await loadJob('closes');
  const issues = issuesOf(readRow(job, {user_id: '', closer_id: 'a b', kind: 'Other', reason: '<clear>'}));
  expect(issues.map(({column, code}) => [column, code])).toEqual([
    ['user_id', 'required'],
    ['closer_id', 'invalid_user'],
    ['kind', 'invalid_choice'],
    ['reason', 'not_clearable'],
  ]);
});

it.each<[string, Record<string, string>, string, string]>([
  ['correction-points', {user_id: '3', amount: '0', reason: 'r'}, 'amount', 'out_of_range'],
  ['transactions', {user_id: '3', value: '0', transactable_type: 't', reason: 'r'}, 'value', 'out_of_range'],
  ['coalition-scores', {coalition_id: '4', value: '0', user_id: '3', reason: 'r'}, 'value', 'out_of_range'],
  ['coalition-scores', {coalition_id: '4', value: '5', user_id: '', reason: 'r'}, 'user_id', 'required'],
  ['free-past-agu', {user_id: '3', duration: '-2', reason: 'r'}, 'duration', 'out_of_range'],
  [
    'anti-grav-units-users',
    {user_id: '3', begin_date: '2031-02-03', expected_end_date: '2031-02-03'},
    'expected_end_date',
    'not_after',
  ],
  ['community-services', {close_id: '3', duration: '3600'}, 'duration', 'invalid_choice'],
  [
    'community-services',
    {close_id: '3', duration: '7200', occupation: 'é'.repeat(256)},
    'occupation',
    'too_long',
  ],
  [
    'users-create',
    {email: 'a@b.org', first_name: 'A', last_name: 'B', campus_id: '1', usual_first_name: '🍠'.repeat(43)},
    'usual_first_name',
    'too_long',
  ],
  [
    'users-create',
    {
      email: 'a@b.org',
      first_name: 'A',
      last_name: 'B',
      campus_id: '1',
      'cursus_users.0.cursus_id': '9',
      'cursus_users.0.begin_at': '',
    },
    'cursus_users.0.begin_at',
    'required',
  ],
])('%s: a rule of its document that is broken', async (name, cells, column, code) => {
  const issues = issuesOf(readRow(await loadJob(name), cells));
  expect(issues.map((issue) => [issue.column, issue.code])).toEqual([[column, code]]);
});

it('texts of just the allowed length pass, whatever their characters take', async () => {
  const job = await loadJob('users-create');
  const cells = {email: 'a@b.org', first_name: 'A', last_name: 'B', campus_id: '1'};
  expect(readRow(job, {...cells, usual_first_name: '🍠'.repeat(42)})).toHaveProperty('values');
});
