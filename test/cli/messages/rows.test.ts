import {describe, expect, it} from 'vitest';
import {isGroup} from '../../../src/job/columns/column.ts';
import {buildTemplate} from '../../../src/job/build-template.ts';
import {listJobs, loadJob} from '../../../src/job/load-jobs.ts';
import type {RowProblem} from '../../../src/input/check-input.ts';
import {runHere} from '../../helpers/run-here.ts';
import {openPlace, wrongArticle} from './stage.ts';

async function problemsOf(job: string, csv: string, ...options: string[]): Promise<RowProblem[]> {
  const place = await openPlace();
  place.file('rows.csv', csv);
  const {exit, out} = await runHere(['validate', job, 'rows.csv', '--json', ...options]);
  expect(exit).toBe(65);
  return (JSON.parse(out) as {problems: RowProblem[]}).problems;
}

describe('a header that does not fit', () => {
  it.each([
    ['godfather', 'the job patronages has no such column', 'did you mean godfather_id?'],
    ['user_di', 'the job patronages has no such column', 'did you mean user_id?'],
    [
      'quite different',
      'the job patronages has no such column',
      "to read it, --map COLUMN='quite different'; to leave it out, --ignore-unknown",
    ],
    ['__proto__', 'not allowed as a column name', 'remove the column'],
    ['USER-ID', 'the same column as user_id', 'keep one of the two'],
  ])('%s: %s', async (name, message, hint) => {
    const problems = await problemsOf('patronages', `user_id,godfather_id,${name}\n46,2,x\n`);
    expect(problems).toEqual([{line: 1, column: name, value: '', code: expect.any(String), message, hint}]);
  });

  it('--map and --set name the column that was meant', async () => {
    const csv = 'user_id,godfather_id\n46,2\n';
    const mapped = await problemsOf('patronages', csv, '--map', 'ongoign=user_id');
    expect(mapped[0]).toMatchObject({column: 'ongoign', hint: 'did you mean ongoing?'});
    const set = await problemsOf('patronages', csv, '--set', 'ongonig=true');
    expect(set[0]).toMatchObject({column: 'ongonig', hint: 'did you mean ongoing?'});
  });
});

describe('rows of a file', () => {
  it('below which a total stands have one problem there, and the person’s name beside others', async () => {
    const csv = 'prénom,user_id,cursus_id,begin_at\nZoé,46,9,today\nTotal : 1,,,\n';
    const problems = await problemsOf('cursus-users', csv, '--ignore-unknown');
    expect(problems).toMatchObject([
      {line: 2, column: 'begin_at', code: 'invalid_date_time'},
      {line: 3, column: '', code: 'no_row'},
    ]);
    const {out} = await runHere(['validate', 'cursus-users', 'rows.csv', '--ignore-unknown']);
    expect(out).toMatch(/line 2, Zoé \(today\)/);
  });

  it('with the same key name the first of them', async () => {
    const problems = await problemsOf('patronages', 'user_id,godfather_id\n46,2\n64,2\n46,2\n');
    expect(problems).toMatchObject([{line: 4, column: 'user_id', value: '46, 2', code: 'duplicate'}]);
    expect(problems[0]?.message).toMatch(/\b2\b/);
  });
});

it.each(
  (await Promise.all((await listJobs()).map(loadJob))).flatMap(({name, definition}) =>
    [
      ...(definition.rules ?? []),
      ...Object.values(definition.columns).flatMap((each) => (isGroup(each) ? each.rules : [])),
    ].map((rule) => ({name, rule})),
  ),
)('$rule.name of $name has its articles right', ({rule}) => {
  const rows = [
    {},
    ...rule.columns.map((column) => ({[column]: 0})),
    Object.fromEntries(rule.columns.map((column) => [column, '2026-11-23'])),
  ];
  const problems = rows.flatMap((row) => rule.check(row) ?? []);
  expect(problems.length).toBeGreaterThan(0);
  for (const {message, hint} of problems) expect(`${message}\n${hint}`).not.toMatch(wrongArticle);
});

describe.each(await listJobs())('a row of %s', (name) => {
  it('whose every cell is wrong has a problem for each, with its line, column, reason and way out', async () => {
    const {columns} = await loadJob(name);
    const header = columns.map((leaf) => leaf.name.replace('.N.', '.0.'));
    // A control character is wrong in every type.
    const cells = header.map((column) => (column === 'image' ? 'https://example.org/x.png' : 'x\u0001y'));
    const problems = await problemsOf(name, `${header.join(',')}\n${cells.join(',')}\n`);
    expect(problems.map(({column}) => column)).toEqual(expect.arrayContaining(header));
    for (const problem of problems) {
      expect(`${problem.message}\n${problem.hint}`).not.toMatch(wrongArticle);
      expect(problem).toMatchObject({line: 2, message: expect.stringMatching(/\S{2}/) as string});
      expect(problem.hint, `${problem.column}: ${problem.message}`).toMatch(/\S{2}/);
    }
  });

  it('without what is required has a problem that names it', async () => {
    const job = await loadJob(name);
    const {header, example} = buildTemplate(job);
    const required = new Set(
      job.columns.filter(({column}) => column.traits.required).map((leaf) => leaf.name),
    );
    const isFree = (column: string) => !required.has(column) && !job.definition.keys.flat().includes(column);
    // A row of empty cells alone is a blank line: where every column is required, the first one is filled.
    const filled = Math.max(
      0,
      header.findIndex((column, at) => isFree(column) && example[at] !== ''),
    );
    const cells = header.map((_, at) => (at === filled ? (example[at] ?? '') : ''));
    const problems = await problemsOf(name, `${header.join(',')}\n${cells.join(',')}\n`);
    expect(problems.map(({code}) => code)).toContain('required');
    for (const {hint, column} of problems) expect(hint, column).toMatch(/\S{2}/);
  });
});
