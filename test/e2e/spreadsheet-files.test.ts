import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {describe, expect, it} from 'vitest';
import {runCli, temporaryFolder} from '../helpers/run-cli.ts';
import {applied, fast, openStage, type Stage, writes} from './stage.ts';

const mark = '\ufeff';
const run = ['run', 'cursus-users', 'rows.csv', '--set', 'cursus_id=9', '--yes', ...fast];

/** Characters as windows-1252 writes them; none of those here differs from Latin-1. */
const windows1252 = (text: string) => Buffer.from(text, 'latin1');
const bodies = ({sandbox}: Stage) =>
  applied(sandbox).map(({body}) => (body as {cursus_user: Record<string, unknown>}).cursus_user);

describe('a file that a French spreadsheet saved', () => {
  it('is read, and its reports and retry log open in the same spreadsheet', async () => {
    const stage = await openStage();
    const rows = [
      'user_id;begin_at;has_coalition;note',
      'andre;05/06/2026;oui;élève',
      'nobody-1;31/08/2026;FAUX;',
    ];
    stage.file('rows.csv', windows1252(`${rows.join('\r\n')}\r\n`));
    const first = await stage.cli([...run, '--ignore-unknown', '--timezone', 'Europe/Paris']);
    expect(first.code).toBe(20);
    expect(first.stderr).toMatch(/begin_at: read as day\/month\/year, as line 3 shows/);
    for (const name of ['report.csv', 'retry.csv']) {
      const text = stage.output(name);
      expect(text.startsWith(mark)).toBe(true);
      expect(parse(text, {bom: true, delimiter: ';', columns: true})).toHaveLength(
        name === 'retry.csv' ? 1 : 2,
      );
    }

    // What the spreadsheet makes of it: its own encoding, no mark, and a date whose order it does not show.
    const log = stage.output('retry.csv').slice(1).replace('nobody-1', 'kpedro').replace('31/08', '07/08');
    writeFileSync(join(stage.folder, 'runs', stage.runs().at(-1) ?? '', 'retry.csv'), windows1252(log));
    expect((await stage.cli(['retry', 'last', '--yes', '--on-invalid', 'skip', ...fast])).code).toBe(0);
    expect(bodies(stage)).toMatchObject([
      {begin_at: '2026-06-04T22:00:00.000Z', has_coalition: true},
      {begin_at: '2026-08-06T22:00:00.000Z', has_coalition: false},
    ]);
  });

  it.each([
    ['commas', 'a,b\n', false],
    ['commas and a mark', `${mark}a,b\n`, true],
    ['tabs', 'a\tb\n', true],
    ['UTF-16', Buffer.from(`${mark}a,b\n`, 'utf16le'), true],
    ['pipes', 'a|b\n', false],
  ])(
    '%s: the report has the delimiter, and a mark where the file had one or needs it',
    async (_name, header, hasMark) => {
      const stage = await openStage();
      const text = typeof header === 'string' ? header : header.toString('utf16le');
      const delimiter = /[,\t|]/.exec(text)?.[0] ?? '';
      const file = text.replace('a', 'user_id').replace('b', 'note') + `nobody-1${delimiter}x\n`;
      stage.file('rows.csv', typeof header === 'string' ? file : Buffer.from(file, 'utf16le'));
      expect((await stage.cli([...run, '--set', 'begin_at=2026-09-01', '--ignore-unknown'])).code).toBe(20);
      const report = stage.output('report.csv');
      expect(report.startsWith(mark)).toBe(hasMark);
      expect(report.replace(mark, '').startsWith(`"user_id"${delimiter}"note"${delimiter}`)).toBe(true);
    },
  );

  it('may have rows that the order of a date could not be known of', async () => {
    const stage = await openStage();
    stage.file('rows.csv', 'user_id,begin_at\nandre,05/06/2026\n');
    const refused = await stage.cli(run);
    expect(refused.code).toBe(65);
    expect(refused.stderr).toMatch(/--date-order dmy reads 2026-06-05/);
    expect(writes(stage.sandbox).length).toBe(0);
    expect((await stage.cli([...run, '--date-order', 'mdy'])).code).toBe(0);
    expect(bodies(stage)).toMatchObject([{begin_at: '2026-05-06T00:00:00.000Z'}]);
  });
});

it('a template may have the delimiter of a spreadsheet', async () => {
  const {stdout} = await runCli(['template', 'patronages', '--delimiter', ';'], {cwd: temporaryFolder()});
  expect(stdout.startsWith(`${mark}user_id;`)).toBe(true);
  const plain = await runCli(['template', 'patronages'], {cwd: temporaryFolder()});
  expect(plain.stdout).toBe(stdout.replace(mark, '').replaceAll(';', ','));
});
