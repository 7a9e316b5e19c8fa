import {expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {counts, csv, fast, openStage, outcomes, writes} from './stage.ts';

const rows = 200;
const header = 'email,first_name,last_name,campus_id,pool_year,pool_month,skip_welcome_mail';
const account = (n: number) => `new.${n}@example.net,Kim,Quill,7,2031,july,yes`;
const accounts = csv(header, ...Array.from({length: rows}, (_, n) => account(n)));

/** Every fifth write is struck, by turns in each of these ways. */
const strikes: Pick<Fault, 'effect' | 'answer' | 'lateMs'>[] = [
  {effect: 'before', answer: '500'},
  {effect: 'none', answer: '504'},
  {effect: 'before', answer: 'truncated'},
  {effect: 'late', lateMs: 150, answer: 'reset'},
];

it('200 accounts are made though every fifth request goes wrong: none twice, and each login is known', async () => {
  const stage = await openStage();
  const {sandbox} = stage;
  const before = sandbox.store.users.size;
  stage.file('accounts.csv', accounts);
  const on = {method: 'POST', path: 'users'};
  for (let n = 0; n < 40; n++) {
    sandbox.addFault({on, nth: 3 + 5 * n, ...(strikes[n % strikes.length] as (typeof strikes)[number])});
  }
  const pace = ['--yes', '--concurrency', '4', ...fast];
  const made = await stage.cli(['run', 'users-create', 'accounts.csv', ...pace]);
  expect({code: made.code, counts: stage.summary().counts}).toEqual({
    code: 0,
    counts: counts({created: rows}),
  });
  const people = [...sandbox.store.users.values()].slice(before);
  expect(people.length).toBe(rows);
  const emails = new Map(
    [...sandbox.store.candidatures.values()].map(({email, user_id}) => [email, user_id]),
  );
  const loginOf = ({email = ''}: Record<string, string>) =>
    sandbox.store.users.get(emails.get(email) ?? 0)?.login;
  const report = stage.report();
  expect(report.map((row) => row['bulk42_login'])).toEqual(report.map(loginOf));
  expect(new Set(report.map((row) => row['bulk42_login'])).size).toBe(rows);
  expect(report.map((row) => row['bulk42_id'])).toEqual(
    report.map((row) => String(emails.get(row['email'] ?? ''))),
  );

  // The report of this run is the input of the next one.
  const [run = ''] = stage.runs();
  const chained = [
    'run',
    'cursus-users',
    `runs/${run}/report.csv`,
    '--map',
    'user_id=bulk42_login',
    '--ignore-unknown',
  ];
  const set = ['--set', 'cursus_id=9', '--set', 'begin_at=2031-07-07'];
  expect((await stage.cli([...chained, ...set, ...pace])).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({created: rows}));
  for (const {id} of people) {
    const enrolled = sandbox.store.cursusUsers.by('user_id', id).map(({cursus_id}) => cursus_id);
    expect(enrolled).toContain(9);
  }

  // Once more: they exist, and their logins are read.
  const sent = writes(sandbox).length;
  expect((await stage.cli(['run', 'users-create', 'accounts.csv', ...pace])).code).toBe(0);
  expect([stage.summary().counts, writes(sandbox).length]).toEqual([counts({unchanged: rows}), sent]);
  expect(stage.report().map((row) => row['bulk42_login'])).toEqual(report.map(loginOf));
});

it.each([
  ['its e-mail moves to the candidature', {}],
  ['it keeps its e-mail', {movesEmail: false}],
])('an account whose response was lost is found, where %s', async (_what, options) => {
  const stage = await openStage(options);
  const before = stage.sandbox.store.users.size;
  stage.file('accounts.csv', csv(header, account(1), account(2)));
  stage.sandbox.addFault({on: {method: 'POST', path: 'users'}, nth: 1, effect: 'before', answer: '502'});
  const run = ['run', 'users-create', 'accounts.csv', '--yes', ...fast];
  expect((await stage.cli(run)).code).toBe(0);
  expect(stage.sandbox.store.users.size).toBe(before + 2);
  expect(stage.report().map(({bulk42_outcome, bulk42_via}) => [bulk42_outcome, bulk42_via])).toEqual([
    ['created', 'readback'],
    ['created', 'answer'],
  ]);
  // Where nothing shows them before the run, the API's refusal leads to a reading.
  expect((await stage.cli(run)).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({unchanged: 2}));
  expect(stage.sandbox.store.users.size).toBe(before + 2);
  expect(stage.report().every((row) => row['bulk42_login'] !== '')).toBe(true);
});

it('without the role that reads candidatures an account whose response was lost stays in doubt', async () => {
  const stage = await openStage({roles: ['Advanced tutor']});
  stage.file('accounts.csv', csv(`${header},login`, `${account(1)},`, `${account(2)},kquill`));
  stage.sandbox.addFault({on: {method: 'POST', path: 'users'}, effect: 'before', answer: '502', times: 2});
  const run = [
    'run',
    'users-create',
    'accounts.csv',
    '--existing',
    'send',
    '--yes',
    '--concurrency',
    '1',
    ...fast,
  ];
  const {code} = await stage.cli(run);
  expect([code, ...outcomes(stage.report())]).toEqual([21, 'in_doubt', 'created']);
  expect(writes(stage.sandbox)).toHaveLength(2);
});

it('"already taken" means that the record exists: as the row wants it, or with other values', async () => {
  const stage = await openStage();
  const columns = 'user_id,cursus_id,begin_at';
  stage.file('first.csv', csv(columns, '1000,9,2031-01-01', '1001,9,2031-01-01'));
  stage.file('second.csv', csv(columns, '1000,9,2031-01-01', '1001,9,2031-02-02', '1002,9,2031-01-01'));
  const send = async (file: string) =>
    (await stage.cli(['run', 'cursus-users', file, '--existing', 'send', '--yes', ...fast])).code;
  expect(await send('first.csv')).toBe(0);
  expect(await send('second.csv')).toBe(20);
  expect(outcomes(stage.report())).toEqual(['unchanged', 'failed', 'created']);
  expect(stage.report()[1]).toMatchObject({
    bulk42_code: 'exists_different',
    bulk42_message: 'it exists with another begin_at',
  });
  expect(stage.report()[0]?.['bulk42_id']).toBe(stage.report(stage.runs()[0])[0]?.['bulk42_id']);
});
