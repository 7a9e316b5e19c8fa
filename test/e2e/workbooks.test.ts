import {createHash} from 'node:crypto';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {styles, workbook, workbookOf} from '../helpers/workbook.ts';
import {applied, fast, openStage, type Stage} from './stage.ts';

const run = ['run', 'cursus-users', 'Inscrits.xlsx', '--set', 'cursus_id=9', '--yes', ...fast];
const bodies = ({sandbox}: Stage) =>
  applied(sandbox).map(({body}) => (body as {cursus_user: Record<string, unknown>}).cursus_user);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A title above, a blank row, a line break in the header, a hidden row, an error of the spreadsheet. */
const enrolments = {
  2: ['Identifiant', 'Date de\ndébut', 'has_coalition', 'Note'],
  4: ['andre', {day: 46_265}, true, 'première\nligne'],
  5: ['nobody-1', {day: 46_266.375, style: styles.dateTime}, false, null],
  7: ['kpedro', {day: 46_267}, {xml: '<c r="#" t="e"><v>#N/A</v></c>'}],
  9: ['gargamel', {day: 46_268}],
};

it('a sheet is run, resumed without the file, retried, and undone, by the numbers of its rows', async () => {
  const stage = await openStage();
  const bytes = workbook({
    Aide: {rows: [['how to']], state: 'hidden'},
    Inscrits: {rows: enrolments, hidden: [9]},
    Archive: {rows: [['old']]},
  });
  stage.file('Inscrits.xlsx', bytes);
  const options = ['--ignore-unknown', '--on-invalid', 'skip', '--timezone', 'Europe/Paris'];
  const begun = await stage.cli([...run, ...options, '--max-requests', '3']);
  expect(begun.code).toBe(75);
  expect(begun.stderr).toMatch(/sheet Inscrits; --sheet reads another: Aide \(hidden\), Archive/);
  expect(begun.stderr).toMatch(/hides rows that are read too: 9;/);
  expect(begun.stderr).toMatch(/line 7.*#N\/A/);
  const {input} = stage.summary();
  expect(input).toEqual({path: join(stage.folder, 'Inscrits.xlsx'), sha256: sha256(bytes), rows: 4});

  rmSync(join(stage.folder, 'Inscrits.xlsx'));
  expect((await stage.cli(['resume', 'last', '--yes', ...fast])).code).toBe(20);
  expect(stage.report().map(({bulk42_line, bulk42_outcome}) => `${bulk42_line} ${bulk42_outcome}`)).toEqual([
    '4 created',
    '5 failed',
    '7 invalid',
    '9 created',
  ]);
  expect(bodies(stage)).toMatchObject([
    {begin_at: '2026-08-30T22:00:00.000Z', has_coalition: true},
    {begin_at: '2026-09-02T22:00:00.000Z'},
  ]);

  const [id = ''] = stage.runs();
  const retryLog = join(stage.folder, 'runs', id, 'retry.csv');
  const log = readFileSync(retryLog, 'utf8');
  expect(log.startsWith('\ufeffIdentifiant;"Date de\ndébut";has_coalition;Note;bulk42_line')).toBe(true);
  writeFileSync(retryLog, log.replace('nobody-1', 'lbuckrid').replace('#N/A', 'non'));
  expect((await stage.cli(['retry', 'last', '--yes', ...fast])).code).toBe(0);
  expect(stage.report().map(({bulk42_line}) => bulk42_line)).toEqual(['5', '7']);
  expect(bodies(stage).slice(2)).toMatchObject([
    {begin_at: '2026-09-01T07:00:00.000Z', has_coalition: false},
    {has_coalition: false},
  ]);
  expect((await stage.cli(['undo', id, '--yes', ...fast])).code).toBe(0);
});

it('the same bytes are the same work; the content decides what a file is, and --sheet which table', async () => {
  const stage = await openStage();
  const rows = [
    ['user_id', 'begin_at'],
    ['andre', {day: 46_265}],
    ['kpedro', {day: 46_265}],
  ];
  stage.file('Inscrits.xlsx', workbook({Aide: {rows: [['how to']]}, 'Été 26': {rows}}));
  const sheet = [...run, '--sheet', 'été 26'];
  expect((await stage.cli([...sheet, '--max-requests', '3'])).code).toBe(75);
  expect((await stage.cli(sheet)).code).toBe(0);
  expect(stage.runs()).toHaveLength(1);

  stage.file('Inscrits.xlsx', 'user_id,begin_at\ngargamel,2026-08-31\n');
  expect((await stage.cli(run)).code).toBe(0);
  stage.file('sheet.csv', workbookOf(rows));
  const stdin = readFileSync(join(stage.folder, 'sheet.csv'));
  const more = ['--each', 'cursus_id=21,9', '--lines', '3', '--delimiter', ','];
  const each = ['run', 'cursus-users', 'sheet.csv', '--yes', '--changed-since', 'last', ...more, ...fast];
  expect((await stage.cli(each)).code).toBe(0);
  expect(stage.report().map(({bulk42_line, bulk42_outcome}) => `${bulk42_line} ${bulk42_outcome}`)).toEqual([
    '3 created',
    '3 unchanged',
  ]);
  expect(stage.output('report.csv')).toMatch(/^\ufeff"user_id","begin_at"/);
  const piped = await stage.cli(['validate', 'cursus-users', '-', '--set', 'cursus_id=9'], {input: stdin});
  expect(piped).toMatchObject({code: 0, stdout: expect.stringMatching(/2 rows/)});
  expect((await stage.cli(['run', 'sheet.csv'])).stderr).toMatch(
    /name the job .*bulk42 run cursus-users sheet.csv/,
  );
});
