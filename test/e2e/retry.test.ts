import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  applied,
  counts,
  csv,
  errorOf,
  fast,
  lastLine,
  openStage,
  outcomes,
  readCsv,
  type Stage,
  writes,
} from './stage.ts';

const retry = ['retry', 'last', '--yes', ...fast];
const retryLog = (stage: Stage) => join(stage.folder, 'runs', stage.runs().at(-1) ?? '', 'retry.csv');

/** Corrects cells of the newest retry log, as a person would. */
function correct(stage: Stage, wrong: string, right: string): void {
  const path = retryLog(stage);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(wrong);
  writeFileSync(path, text.replace(wrong, right));
}

describe('retry', () => {
  it('sends the rows that were left, cells corrected, under their line in the first file', async () => {
    const stage = await openStage();
    stage.file(
      'pairs.csv',
      csv('student,godfather_id', '46,64', 'nobody-1,64', '', '1000,nobody-2', 'jeanne,64'),
    );
    const first = await stage.cli([
      'run',
      'patronages',
      'pairs.csv',
      '--map',
      'user_id=student',
      '--set',
      'ongoing=no',
      '--yes',
      ...fast,
    ]);
    expect(first.code).toBe(20);
    expect(lastLine(first)).toContain(`bulk42 retry ${stage.runs()[0]}`);
    expect(outcomes(stage.report())).toEqual(['created', 'failed', 'failed', 'created']);

    correct(stage, 'nobody-1', 'lbuckrid');
    correct(stage, 'lbuckrid', 'andre');
    expect((await stage.cli(retry)).code).toBe(20);
    expect(stage.runs()).toHaveLength(2);
    expect(stage.report().map((row) => [row['student'], row['bulk42_line'], row['bulk42_outcome']])).toEqual([
      ['andre', '3', 'created'],
      ['1000', '5', 'failed'],
    ]);

    correct(stage, 'nobody-2', 'kpedro');
    const last = await stage.cli([...retry, '--json']);
    expect(last.code).toBe(0);
    expect(stage.report()).toEqual([
      expect.objectContaining({
        student: '1000',
        godfather_id: 'kpedro',
        bulk42_line: '5',
        bulk42_outcome: 'created',
      }),
    ]);
    expect(JSON.parse(last.stdout)).toMatchObject({counts: counts({created: 1}), input: {rows: 1}});
    expect(applied(stage.sandbox).map(({body}) => body)).toEqual(
      [
        [46, 64],
        [1, 64],
        [2, 64],
        [1000, 4],
      ].map(([user_id, godfather_id]) => ({patronage: {user_id, godfather_id, ongoing: false}})),
    );
  });

  it('keeps the cells of the retry log as they were, byte for byte', async () => {
    const stage = await openStage();
    const cells = ['nobody-1', '64', '=1+1', ' spaced ', '"quoted ""twice"", and', ' a line"', '"\té"'].join(
      ',',
    );
    stage.file(
      'pairs.csv',
      csv('user_id,godfather_id,a,b,c,d,e', cells.replace(' a line"', 'more"').replace(',"\té"', ',x,"\té"')),
    );
    await stage.cli(['run', 'patronages', 'pairs.csv', '--ignore-unknown', '--yes', ...fast]);
    const [before] = readCsv(readFileSync(join(stage.folder, 'pairs.csv'), 'utf8'));
    const [after] = readCsv(stage.output('retry.csv'));
    expect(after).toMatchObject(before ?? {});
    expect(stage.report()[0]?.['a']).toBe("'=1+1");
  });

  it('has nothing to do after a run without fault', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
    await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
    const sent = stage.sandbox.ledger.length;
    const result = await stage.cli([...retry, '--json']);
    expect(result.code).toBe(2);
    expect(errorOf(result).code).toBe('nothing_to_retry');
    expect(stage.sandbox.ledger).toHaveLength(sent);
  });

  it('refuses a corrected cell that is invalid, and needs a terminal or --yes', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', 'nobody-1,64'));
    await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
    correct(stage, 'nobody-1', '64');
    const sent = stage.sandbox.ledger.length;
    expect((await stage.cli(retry)).code).toBe(65);
    correct(stage, '64,64', '46,64');
    expect((await stage.cli(['retry', 'last'])).code).toBe(2);
    expect(stage.sandbox.ledger).toHaveLength(sent);
    expect((await stage.cli(retry)).code).toBe(0);
  });
});

describe('secret columns', () => {
  const passwords = ['Tr4veller-Owl!', 'Gl4cier-Moth!', 'H4rbour-Finch!', 'S4ffron-Newt!'];
  const header = 'password,id,pool_year';

  async function openFailed(): Promise<Stage> {
    const stage = await openStage();
    const ids = ['46', 'nobody-1', '64', 'nobody-2'];
    stage.file('users.csv', csv(header, ...ids.map((id, at) => `${passwords[at]},${id},203${at}`)));
    const {code, stdout, stderr} = await stage.cli([
      'run',
      'users',
      'users.csv',
      '--yes',
      '--verbose',
      ...fast,
    ]);
    expect(code).toBe(20);
    expectNoSecret(stage, stdout + stderr);
    return stage;
  }

  function expectNoSecret(stage: Stage, screen: string): void {
    const files = stage
      .runs()
      .flatMap((run) => readdirSync(join(stage.folder, 'runs', run)).map((name) => stage.output(name, run)));
    for (const password of passwords) {
      for (const text of [screen, ...files]) expect(text).not.toContain(password);
    }
  }

  it('are joined back to their rows from the first file, through two retries', async () => {
    const stage = await openFailed();
    expect(Object.keys(stage.report()[0] ?? {}).slice(0, 2)).toEqual(['id', 'pool_year']);
    correct(stage, 'nobody-1', 'jeanne');
    const second = await stage.cli(retry);
    expect(second.code).toBe(20);
    correct(stage, 'nobody-2', 'andre');
    const third = await stage.cli(retry);
    expect(third.code).toBe(0);
    expectNoSecret(stage, second.stdout + second.stderr + third.stdout + third.stderr);
    const {users} = stage.sandbox.store;
    expect([46, 1, 64, 2].map((id) => users.get(id)?.password)).toEqual(passwords);
    expect(stage.report()).toEqual([
      expect.objectContaining({id: 'andre', bulk42_line: '5', bulk42_outcome: 'updated'}),
    ]);
  });

  it('are joined from a first file that only the options of the first run can read, through two retries', async () => {
    const stage = await openStage();
    // Without the options, commas would win: and the name of the column would not be read.
    const lines = [
      'password;id;pool_year;note',
      'Tr4v,ll,r-Öwl!;nobody-1;2030;a,b,c',
      'Gl4c,,r-Möth!;nobody-2;2031;d,e,f',
    ];
    stage.file('users.csv', Buffer.from(lines.join('\n'), 'latin1'));
    const options = ['--delimiter', ';', '--encoding', 'windows-1252', '--ignore-unknown', '--yes', ...fast];
    expect((await stage.cli(['run', 'users', 'users.csv', ...options])).code).toBe(20);
    correct(stage, 'nobody-1', 'jeanne');
    expect((await stage.cli(retry)).code).toBe(20);
    correct(stage, 'nobody-2', 'andre');
    const {code, stderr} = await stage.cli(retry);
    expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
    const {users} = stage.sandbox.store;
    expect([1, 2].map((id) => users.get(id)?.password)).toEqual(['Tr4v,ll,r-Öwl!', 'Gl4c,,r-Möth!']);
  });

  it.each([
    [
      'the first file changed',
      (stage: Stage) => writeFileSync(join(stage.folder, 'users.csv'), 'password,id\nx,46\n'),
    ],
    ['the lines are gone from the retry log', (stage: Stage) => correct(stage, 'bulk42_line', 'bulk42_was')],
    ['a line is not one of the first file', (stage: Stage) => correct(stage, ',3,failed', ',77,failed')],
    ['a line is no number', (stage: Stage) => correct(stage, ',3,failed', ',,failed')],
  ])('are not joined where %s: nothing is sent', async (_what, change) => {
    const stage = await openFailed();
    correct(stage, 'nobody-1', 'jeanne');
    change(stage);
    const sent = writes(stage.sandbox).length;
    const {code} = await stage.cli(retry);
    expect(code).toBe(65);
    expect(writes(stage.sandbox)).toHaveLength(sent);
  });
});
