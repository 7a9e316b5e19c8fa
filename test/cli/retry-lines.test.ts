import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {runHere} from '../helpers/run-here.ts';
import {errorOf, openPlace, type Place} from './messages/stage.ts';

type Row = string[];
type Edit = (row: (line: number) => Row, rows: Row[]) => unknown;

const fast = ['--per-second', '500', '--per-hour', '100000', '--settle', '0.3'];
const retry = ['retry', 'last', '--yes', '--on-invalid', 'skip', ...fast];

/** What a person or a spreadsheet does to a retry log in which lines 3, 5, 6 and 7 are left, and the lines to name. */
const edits: [string, Edit, named: number[]][] = [
  ['the line of another row copied', (row) => set(row(5), 'line', '3'), [3, 2]],
  ['the lines filled down', (row) => [5, 6].forEach((line) => set(row(line), 'line', '3')), [3, 2]],
  ['a row copied below', (row, rows) => rows.push([...row(5)]), [6, 3]],
  ['a row copied and corrected', (row, rows) => rows.push(set([...row(5)], 'key', '99')), [6, 3]],
  [
    'the lines counted anew',
    (_row, rows) => rows.forEach((row, at) => set(row, 'line', `${at + 2}`)),
    [2, 2],
  ],
  ['a line that is done', (row) => set(row(5), 'line', '4'), [3, 4]],
  ['a line beyond the file', (row) => set(row(5), 'line', '77'), [3, 77]],
  ['the line of the header', (row) => set(row(7), 'line', '1'), [5, 1]],
  ['no line', (row) => set(row(6), 'line', ''), [4]],
  ['a word for a line', (row) => set(row(6), 'line', 'six'), [4]],
  ['a line in another format', (row) => set(row(6), 'line', '6.0'), [4]],
  ['a line as a number of another base', (row) => set(row(6), 'line', '0x6'), [4]],
  ['the keys of two rows exchanged', (row) => exchange(row(3), row(6), 'key'), [2, 6]],
  ['the lines of two rows exchanged', (row) => exchange(row(3), row(6), 'line'), [2, 3]],
  [
    'the lines alone sorted the other way',
    (row) => [exchange(row(3), row(7), 'line'), exchange(row(5), row(6), 'line')],
    [2, 3],
  ],
  ['the keys filled down', (row) => [5, 6].forEach((line) => set(row(line), 'key', 'nobody-3')), [3, 3]],
  ['the key of a row that is done', (row) => set(row(6), 'key', '64'), [4, 4]],
  ['the key of another row, in other letters', (row) => set(row(6), 'key', ' NOBODY-7\u200b'), [4, 7]],
];

const columns = {key: 0, line: -4};
const at = (row: Row, column: keyof typeof columns) => (columns[column] + row.length) % row.length;

function set(row: Row, column: keyof typeof columns, value: string): Row {
  row[at(row, column)] = value;
  return row;
}

function exchange(one: Row, other: Row, column: keyof typeof columns): void {
  const value = one[at(one, column)] ?? '';
  set(one, column, other[at(other, column)] ?? '');
  set(other, column, value);
}

/** The retry log after an edit. Its cells hold no delimiter. */
function edited(retryLog: string, edit: Edit): string {
  const [header = '', ...lines] = retryLog.trimEnd().split('\n');
  const rows = lines.map((line) => line.split(','));
  edit((line) => rows.find((row) => row[at(row, 'line')] === `${line}`) ?? [], rows);
  return `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}

async function openFailed(job: string, csv: string): Promise<Place & {retryLog: string; path: string}> {
  const place = await openPlace();
  place.file('first.csv', csv);
  // Invalid rows are left as failed ones are.
  const {exit} = await runHere(['run', job, 'first.csv', '--yes', '--on-invalid', 'skip', ...fast]);
  expect(exit).toBe(20);
  const path = join(place.folder, place.run(), 'retry.csv');
  return {...place, path, retryLog: readFileSync(path, 'utf8')};
}

const jobs: [string, string][] = [
  [
    'users',
    'id,password,first_name,pool_year\n46,Pw-of-0002!,A,2026\nnobody-3,Pw-of-0003!,B,2026\n64,Pw-of-0004!,C,2026\nnobody-5,Pw-of-0005!,D,2026\nnobody-6,Pw-of-0006!,E,never\nnobody-7,Pw-of-0007!,F,2026\n',
  ],
  [
    'cursus-users',
    'user_id,cursus_id,begin_at\n46,9,2027-02-01\nnobody-3,9,2027-02-01\n64,9,2027-02-01\nnobody-5,9,2027-02-01\nnobody-6,9,soon\nnobody-7,9,2027-02-01\n',
  ],
];

it.each(jobs)(
  'a retry of %s refuses a retry log whose rows were moved, and names both lines',
  async (job, csv) => {
    const place = await openFailed(job, csv);
    const sent = place.sandbox.ledger.length;
    for (const [what, edit, named] of edits) {
      writeFileSync(place.path, edited(place.retryLog, edit));
      const {exitCode, code, message} = await errorOf(retry, place);
      const lines = (message.match(/(?<= )\d+/g) ?? []).map(Number);
      expect({what, exitCode, code, lines}).toEqual({
        what,
        exitCode: 65,
        code: 'retry_log',
        lines: expect.arrayContaining(named) as number[],
      });
    }
    expect(place.sandbox.ledger).toHaveLength(sent);

    // Whole rows sorted the other way, one of them removed, keys corrected.
    const correct: Edit = (row, rows) => {
      set(row(3), 'key', 'jeanne');
      set(row(5), 'key', 'ANDRE');
      rows.reverse();
      rows.splice(0, 1);
    };
    writeFileSync(
      place.path,
      edited(place.retryLog, correct).replace('never', '2027').replace('soon', '2027-02-01'),
    );
    expect((await runHere(retry)).exit).toBe(20);
    const report = readFileSync(join(place.folder, place.run(), 'report.csv'), 'utf8');
    const applied = job === 'users' ? 'updated' : 'created';
    expect(report.match(/"\d","(created|updated|failed)"/g)).toEqual([
      '"6","failed"',
      `"5","${applied}"`,
      `"3","${applied}"`,
    ]);
    if (job !== 'users') return;
    const {users} = place.sandbox.store;
    expect([46, 1, 64, 2].map((id) => users.get(id)?.password)).toEqual(
      ['2', '3', '4', '5'].map((line) => `Pw-of-000${line}!`),
    );
  },
);

it('a retry without bulk42_line is refused; without the first file it says what it cannot check', async () => {
  const place = await openFailed(...(jobs[1] as [string, string]));
  writeFileSync(place.path, place.retryLog.replace('bulk42_line', 'bulk42_was'));
  expect((await errorOf(retry, place)).exitCode).toBe(65);

  // A retry takes no --map and no --ignore-unknown, so none is advised.
  writeFileSync(
    place.path,
    place.retryLog.replace('user_id', 'checked by,user_id').replaceAll(/\nn/g, '\nx,n'),
  );
  const {exitCode, hint} = await errorOf(retry, place);
  expect(exitCode).toBe(65);
  const {shown: problems} = await runHere(retry);
  expect(problems).toContain('checked by');
  expect(hint + problems).not.toMatch(/--(?:map|ignore-unknown)/);

  const corrected = edited(place.retryLog, (row) => set(row(3), 'key', 'jeanne'));
  writeFileSync(place.path, corrected.replace('bulk42_line', ' Bulk42_LINE'));
  place.file('first.csv', 'user_id\n');
  const {exit, shown} = await runHere(retry);
  expect(exit).toBe(20);
  expect(shown).toContain('first.csv is gone or changed');
});
