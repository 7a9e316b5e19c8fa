import {hostname, userInfo} from 'node:os';
import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {applied, counts, csv, expectPrivate, fast, openStage, outcomes, type Stage, writes} from './stage.ts';

const rows = 300;
const derived = ['report.csv', 'retry.csv', 'summary.json'] as const;

/** The generated people of the sandbox, by login, in an order that is not that of their ids. */
function piscine({file, sandbox}: Stage): string[] {
  const logins = [...sandbox.store.users.values()]
    .filter(({id}) => id >= 1000)
    .map(({login}) => login)
    .slice(0, rows)
    .reverse();
  file('piscine.csv', csv('login,begin_at', ...logins.map((login) => `${login},2027-02-01`)));
  return logins;
}

const command = [
  'run',
  'cursus-users',
  'piscine.csv',
  '--map',
  'user_id=login',
  '--set',
  'cursus_id=9',
  '--yes',
];

it('enrols 300 people given by login: each once, with 309 requests in all, and once more changes nothing', async () => {
  const stage = await openStage({users: 400});
  const {sandbox, folder} = stage;
  const logins = piscine(stage);

  const first = await stage.cli(command);
  expect(first).toMatchObject({code: 0, signal: null});
  expect(applied(sandbox)).toHaveLength(rows);
  expect(sandbox.store.cursusUsers.size).toBe(rows);
  expect(sandbox.ledger.length).toBeLessThanOrEqual(309);

  const report = stage.report();
  expect(report.map((row) => row['login'])).toEqual(logins);
  expect(report.map((row) => row['bulk42_line'])).toEqual(logins.map((_, at) => String(at + 2)));
  expect(new Set(outcomes(report))).toEqual(new Set(['created']));
  const enrolled = new Map([...sandbox.store.cursusUsers.values()].map((row) => [row.user_id, row.id]));
  const idOf = (login: string) => sandbox.store.users.by('login', login)[0]?.id ?? 0;
  expect(report.map((row) => row['bulk42_id'])).toEqual(
    logins.map((login) => String(enrolled.get(idOf(login)))),
  );
  expect(report[0]).toMatchObject({
    bulk42_status: '201',
    bulk42_attempts: '1',
    bulk42_via: 'answer',
    bulk42_code: '',
    bulk42_message: '',
  });
  expect(stage.output('retry.csv')).toBe(
    'login,begin_at,bulk42_line,bulk42_outcome,bulk42_code,bulk42_message\n',
  );

  const [run = ''] = stage.runs();
  const writeCount = writes(sandbox).length;
  const summary = stage.summary();
  expect(summary).toEqual({
    formatVersion: 1,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    run,
    job: 'cursus-users',
    input: {path: join(folder, 'piscine.csv'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows},
    baseUrl: sandbox.url,
    rehearsal: false,
    who: {user: userInfo().username, host: hostname()},
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    state: 'finished',
    stopReason: null,
    exitCode: 0,
    counts: counts({created: rows}),
    requests: {total: sandbox.ledger.length, writes: rows, reads: sandbox.ledger.length - rows, refused: 0},
    errors: [],
  });
  expect(run).toMatch(/^\d{8}T\d{6}Z-cursus-users$/);

  const again = await stage.cli([...command, ...fast, '--json']);
  expect(again.code).toBe(0);
  expect(writes(sandbox)).toHaveLength(writeCount);
  expect(JSON.parse(again.stdout)).toEqual(stage.summary());
  expect(stage.summary().counts).toEqual(counts({unchanged: rows}));
  expect(stage.runs()).toHaveLength(2);
});

it('keeps everything private, and rebuilds its files byte for byte in any time zone and language', async () => {
  const stage = await openStage({roles: ['Advanced tutor']});
  stage.file(
    'pairs.csv',
    csv(
      'user_id,godfather_id,note',
      '46,64,"=1+1, ""quoted"""',
      '999999,64,unknown',
      'jeanne,nobody-at-all,é',
    ),
  );
  const result = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', '--ignore-unknown', ...fast]);
  expect(result.code).toBe(20);
  const [run = ''] = stage.runs();
  const folder = join(stage.folder, 'runs', run);
  expectPrivate(folder, 0o700);
  const names = readdirSync(folder);
  expect(names).toEqual(expect.arrayContaining([...derived, 'journal.ndjson', 'run.log']));
  for (const name of names) expectPrivate(join(folder, name), 0o600);

  const before = derived.map((name) => stage.output(name));
  const ledger = stage.sandbox.ledger.length;
  for (const env of [
    {},
    {TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8'},
    {TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8'},
  ]) {
    for (const name of derived) rmSync(join(folder, name));
    const rebuilt = await stage.cli(['report', 'last', '--json'], {env});
    expect(rebuilt.code).toBe(0);
    expect(derived.map((name) => stage.output(name))).toEqual(before);
    expect(JSON.parse(rebuilt.stdout)).toEqual(stage.summary());
    for (const name of derived) expectPrivate(join(folder, name), 0o600);
  }
  expect(stage.sandbox.ledger).toHaveLength(ledger);
});
