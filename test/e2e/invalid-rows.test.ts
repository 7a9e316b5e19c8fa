import {describe, expect, it} from 'vitest';
import {applied, counts, csv, errorOf, fast, lastLine, openStage, outcomes, readCsv} from './stage.ts';

const header = 'user_id,cursus_id,begin_at,has_coalition';
const oneBad = csv(header, '46,9,2027-02-01,yes', '64,9,23/11/26,no', '1000,9,2027-02-01,');

describe('a file with one invalid row', () => {
  it('is refused before anything is sent, with line, column, value and a hint on the screen', async () => {
    const stage = await openStage();
    stage.file('piscine.csv', oneBad);
    const {code, stdout, stderr} = await stage.cli(['run', 'cursus-users', 'piscine.csv', '--yes', ...fast]);
    expect(code).toBe(65);
    expect(stage.sandbox.ledger).toEqual([]);
    expect(stage.runs()).toEqual([]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/begin_at: .*\n.*line 3 \(23\/11\/26\)\n.*→ .*2026-11-23/);
    expect(stderr).toContain('1 of 3 rows');
    expect(stderr).toContain('--on-invalid skip');

    const asJson = await stage.cli(['run', 'cursus-users', 'piscine.csv', '--yes', '--json']);
    expect(asJson.code).toBe(65);
    expect(errorOf(asJson)).toMatchObject({code: 'invalid_rows', exitCode: 65});
  });

  it('is sent without it by --on-invalid skip, which keeps it in the retry log', async () => {
    const stage = await openStage();
    stage.file('piscine.csv', oneBad);
    const result = await stage.cli([
      'run',
      'cursus-users',
      'piscine.csv',
      '--yes',
      '--on-invalid',
      'skip',
      ...fast,
    ]);
    expect(result.code).toBe(20);
    expect(applied(stage.sandbox)).toHaveLength(2);
    expect(stage.summary()).toMatchObject({
      state: 'finished',
      exitCode: 20,
      counts: counts({created: 2, invalid: 1}),
      errors: [{code: expect.any(String), count: 1, example: expect.stringContaining('begin_at')}],
    });
    const report = stage.report();
    expect(outcomes(report)).toEqual(['created', 'invalid', 'created']);
    expect(report[1]).toMatchObject({bulk42_attempts: '0', bulk42_status: '', bulk42_line: '3'});
    const [left, ...none] = readCsv(stage.output('retry.csv'));
    expect(left).toMatchObject({
      user_id: '64',
      begin_at: '23/11/26',
      has_coalition: 'no',
      bulk42_line: '3',
      bulk42_outcome: 'invalid',
    });
    expect(none).toEqual([]);
    expect(lastLine(result)).toContain(`bulk42 retry ${stage.runs()[0]}`);
  });
});

it('refuses two rows with the same key, and names both lines', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', 'jeanne,kpedro', '46,64', 'JEANNE,KPedro'));
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes']);
  expect(code).toBe(65);
  expect(stderr).toMatch(/line 2\n.*line 4/);
  expect(stage.sandbox.ledger).toEqual([]);
});

it('refuses a column that the job does not know, with a suggestion', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,friend', '46,shepalpa'));
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes']);
  expect(code).toBe(65);
  expect(stderr).toContain('bulk42 run patronages pairs.csv --yes --map godfather_id=friend');
  expect(stage.sandbox.ledger).toEqual([]);
});

it('refuses a workbook, an empty file, a folder and a missing file, each with its own exit code', async () => {
  const stage = await openStage();
  stage.file('book.csv', Buffer.from('PK\u0003\u0004 not text at all'));
  stage.file('empty.csv', '');
  const codes = [];
  for (const name of ['book.csv', 'empty.csv', '.', 'nothing-here.csv']) {
    codes.push((await stage.cli(['run', 'patronages', name, '--yes'])).code);
  }
  expect(codes).toEqual([65, 65, 66, 66]);
  expect(stage.sandbox.ledger).toEqual([]);
});

describe('what spreadsheets write is read as it was meant', () => {
  const table = ['user_id;godfather_id;ongoing', '46;64;no', 'Jeanne;KPedro;TRUE', '', ';;'].join('\r\n');

  it.each([
    ['; with a BOM and CRLF', Buffer.from(`\uFEFF${table}\r\n`)],
    ['UTF-16 LE', Buffer.from(`\uFEFF${table}\r\n`, 'utf16le')],
    [
      'tabs and a header in another spelling',
      Buffer.from('User ID\tGodfather-ID\tOngoing\n46\t64\t0\njeanne\tkpedro\t1\n'),
    ],
  ])('%s', async (_name, bytes) => {
    const stage = await openStage();
    stage.file('pairs.csv', bytes);
    const {code} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
    expect(code).toBe(0);
    expect(applied(stage.sandbox).map(({body}) => body)).toEqual([
      {patronage: {user_id: 46, godfather_id: 64, ongoing: false}},
      {patronage: {user_id: 1, godfather_id: 4, ongoing: true}},
    ]);
  });
});
