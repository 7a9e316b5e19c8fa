import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {guardedCsv} from '../../src/csv/write-rows.ts';
import {prepareInput} from '../../src/input/prepare-input.ts';
import {buildTemplate} from '../../src/job/build-template.ts';
import {listJobs, loadJob} from '../../src/job/load-jobs.ts';
import type {Values} from '../../src/job/row.ts';
import {reportHeader, retryHeader} from '../../src/report/outcome-columns.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

const now = new Date('2026-11-23T08:42:00Z');
const jobNames = await listJobs();
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** What becomes of a file: values of its valid rows, and problems by line and code. */
async function prepare(name: string, text: string, timezone = 'UTC') {
  const path = join(folder, 'rows.csv');
  writeFileSync(path, text);
  const shape = {map: {}, set: {}, timezone, ignoreUnknown: false};
  const {input, checker, problems, warnings} = await prepareInput(path, await loadJob(name), shape, {now});
  onTestFinished(() => input.close());
  const rows: Values[] = [];
  for await (const batch of input.rows()) {
    for (const row of batch) {
      const checked = await checker.check(row);
      if ('values' in checked) rows.push(checked.values);
    }
  }
  return {rows, warnings, problems: problems.map(({line, code}) => [line, code])};
}

describe('a report of an earlier run as input', () => {
  const names = ['id', 'user_candidature.phone', 'user_candidature.contact_last_name', 'status'];
  const cells = [
    ['cadet1', '+33601020304', '-Martin', '=1+2'],
    ['cadet2', '0601020304', "'t Hooft", "'=1"],
    ['cadet3', '\uff0b33', ' @home', "d'Arc"],
  ];
  const wanted = [
    {id: 'cadet1', user_candidature: {phone: '+33601020304', contact_last_name: '-Martin'}, status: '=1+2'},
    {id: 'cadet2', user_candidature: {phone: '0601020304', contact_last_name: "'t Hooft"}, status: "'=1"},
    {id: 'cadet3', user_candidature: {phone: '\uff0b33', contact_last_name: '@home'}, status: "d'Arc"},
  ];

  it('has the guard against formulas taken off again', async () => {
    const report = guardedCsv([
      [...names, ...reportHeader([])],
      ...cells.map((row, at) => [
        ...row,
        ...reportHeader([]).map((name) => (name === 'bulk42_line' ? `${at + 2}` : '')),
      ]),
    ]);
    expect(report).toContain(`"'+33601020304"`);
    expect((await prepare('users', report)).rows).toEqual(wanted);
  });

  it('is told from a retry log, whose cells are as they were', async () => {
    const retry = [[...names, ...retryHeader], ...cells.map((row) => [...row, '2', 'failed', '', ''])];
    const text = retry.map((row) => `${row.map((cell) => `"${cell}"`).join(',')}\n`).join('');
    expect((await prepare('users', text)).rows).toEqual(wanted);
  });

  it.each(['BULK42_STATUS', 'bulk42_id', 'Bulk42_Attempts', 'bulk42_via'])(
    'is known by %s alone',
    async (name) => {
      const {rows} = await prepare('users', `id,status,${name}\ncadet1,'+1,x\n`);
      expect(rows).toEqual([{id: 'cadet1', status: '+1'}]);
    },
  );

  it('is no other file: there the apostrophe belongs to the value', async () => {
    expect((await prepare('users', "id,status\ncadet1,'+1\n")).rows).toEqual([{id: 'cadet1', status: "'+1"}]);
  });
});

describe("the template's example row", () => {
  const csv = (rows: readonly (readonly string[])[]) =>
    rows.map((row) => `${row.map((cell) => `"${cell}"`).join(',')}\n`).join('');

  it.each(jobNames)('of %s is refused as it is', async (name) => {
    const {header, example} = buildTemplate(await loadJob(name));
    expect((await prepare(name, csv([header, example]))).problems).toEqual([[2, 'template_row']]);
  });

  it('is refused beside real rows, each time', async () => {
    const {problems, rows} = await prepare(
      'patronages',
      'user_id,godfather_id\n7,8\nstudent-login,godfather-login\nstudent-login,godfather-login\n',
    );
    expect(rows).toHaveLength(1);
    expect(problems).toEqual([
      [3, 'template_row'],
      [4, 'template_row'],
    ]);
  });

  it.each([
    ['other letters', 'user_id,godfather_id\nSTUDENT-login, Godfather-Login\n'],
    ['columns in other order', 'ongoing,godfather_id,user_id\ntrue,godfather-login,student-login\n'],
    ['another word for true', 'user_id,godfather_id,ongoing\nstudent-login,godfather-login,YES\n'],
    ['a default left empty', 'user_id,godfather_id,ongoing\nstudent-login,godfather-login,\n'],
    ['invisible characters around it', '\ufeffuser_id,godfather_id\n student-login\u00a0,godfather-login\n'],
  ])('is refused with %s', async (_, text) => {
    expect((await prepare('patronages', text)).problems).toEqual([[2, 'template_row']]);
  });

  it('is refused with its dates written otherwise', async () => {
    const text =
      'user_id,cursus_id,begin_at,end_at\nstudent-login,9,2026-11-23 08:00:00 UTC,2026-12-18T17:00:00Z\n';
    expect((await prepare('cursus-users', text)).problems).toEqual([[2, 'template_row']]);
  });

  it.each([
    ['another godfather', 'user_id,godfather_id\nstudent-login,andre\n'],
    ['another user', 'user_id,godfather_id\njoan,godfather-login\n'],
    ['another value', 'user_id,godfather_id,ongoing\nstudent-login,godfather-login,false\n'],
  ])('with %s is a row like others', async (_, text) => {
    expect((await prepare('patronages', text)).problems).toEqual([]);
  });

  it('that has numbers alone may be a real row', async () => {
    expect((await prepare('teams-uploads', 'team_id,upload_id,final_mark\n66,1,42\n')).problems).toEqual([]);
  });
});

describe('what was read in another way than it is written', () => {
  it('is a warning, once for each column and kind', async () => {
    const text = 'id,pool_month,status\nu1,March,NULL\nu2,April,x\nu3,may,\\N\n';
    const {warnings, rows} = await prepare('users', text);
    expect(rows[0]).toMatchObject({pool_month: 'march', status: 'NULL'});
    expect(warnings).toEqual([
      expect.stringMatching(/^line 2 and 1 more, pool_month: .*lower case/),
      expect.stringMatching(/^line 2 and 1 more, status: .*<clear>/),
    ]);
  });
});

describe('a photo whose name has an accent', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(4000)]);
  it.each([
    ['composed', 'z\u00e9.png', 'ze\u0301.png'],
    ['decomposed', 'ze\u0301.png', 'z\u00e9.png'],
    ['the same', 'ze\u0301e.png', 'ze\u0301e.png'],
    ['decomposed in a folder', 'e\u0301te\u0301/p.png', '\u00e9t\u00e9/p.png'],
  ])('is found though the disk has it %s', async (_, onDisk, inCell) => {
    mkdirSync(join(folder, onDisk, '..'), {recursive: true});
    writeFileSync(join(folder, onDisk), png);
    const {problems} = await prepare('users', `id,image\n7,${inCell}\n`);
    expect(problems).toEqual([]);
  });
});
