import {mkdtemp, readFile, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {DiskError, InputError} from '../../src/errors.ts';
import {createJob} from '../../src/job/job.ts';
import type {Values} from '../../src/job/row.ts';
import {Fingerprints} from '../../src/runs/fingerprints.ts';
import {loanJob} from '../plan/small-jobs.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerprints-'));
  path = join(folder, 'rows.prints');
});
afterEach(() => rm(folder, {recursive: true}));

async function* each(rows: Iterable<Values>): AsyncGenerator<Values> {
  for (const row of rows) yield await Promise.resolve(row);
}

const row: Values = {
  user_id: 4,
  book: 'Emma',
  remark: null,
  pin: '1234',
  copies: [{shelf: 'north', code: 'x1'}, {shelf: 'south'}],
};

describe('a row', () => {
  const cases: [string, Values, boolean][] = [
    ['that is the same', {...row}, true],
    ['with another cell', {...row, book: 'Persuasion'}, false],
    ['with a cell that is not cleared any more', {user_id: 4, book: 'Emma', pin: '1234'}, false],
    ['with another cell of a nested record', {...row, copies: [{shelf: 'north'}, {shelf: 'west'}]}, false],
    ['with nested records in another order', {...row, copies: [{shelf: 'south'}, {shelf: 'north'}]}, false],
    ['with a number for a text', {...row, user_id: '4'}, false],
    ['with another secret', {...row, pin: '9999'}, true],
    [
      'with another secret in a nested record',
      {...row, copies: [{shelf: 'north', code: 'x2'}, {shelf: 'south'}]},
      true,
    ],
  ];

  it.each(cases)('%s', async (_, values, known) => {
    await Fingerprints.create(loanJob).write(path, each([row]));
    const prints = await Fingerprints.read(path, loanJob);
    expect(prints.has(values)).toBe(known);
  });

  it('is not known to a run that knows none, nor to another job', async () => {
    const created = Fingerprints.create(loanJob);
    expect(created.has(row)).toBe(false);
    await created.write(path, each([row]));
    const other = await Fingerprints.read(path, createJob('other', loanJob.definition));
    expect(other.has(row)).toBe(false);
  });
});

it('knows every row of a large run again', async () => {
  const rows = Array.from({length: 9000}, (_, n): Values => ({user_id: n + 1, book: 'Emma'}));
  await Fingerprints.create(loanJob).write(path, each(rows));
  const prints = await Fingerprints.read(path, loanJob);
  expect(rows.filter((values) => !prints.has(values))).toEqual([]);
  expect(prints.has({user_id: 9001, book: 'Emma'})).toBe(false);
  expect((await stat(path)).size).toBe(32 + 8 * 9000);
});

it('goes on with the key that it was read with', async () => {
  await Fingerprints.create(loanJob).write(path, each([row]));
  const next = join(folder, 'next.prints');
  await (await Fingerprints.read(path, loanJob)).write(next, each([row]));
  expect(await readFile(next)).toEqual(await readFile(path));
});

it('keeps nothing that could be compared between runs, in a file that is only ours', async () => {
  const other = join(folder, 'other.prints');
  await Fingerprints.create(loanJob).write(path, each([row]));
  await Fingerprints.create(loanJob).write(other, each([row]));
  const [one, two] = [await readFile(path), await readFile(other)];
  expect(one.subarray(0, 32)).not.toEqual(two.subarray(0, 32));
  expect(one.subarray(32)).not.toEqual(two.subarray(32));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('says so when there is nothing to compare with, and when it cannot be written', async () => {
  const reading = Fingerprints.read(path, loanJob);
  await expect(reading).rejects.toBeInstanceOf(InputError);
  await expect(reading).rejects.toMatchObject({code: 'no_fingerprints'});
  const writing = Fingerprints.create(loanJob).write(join(folder, 'none', 'x'), each([row]));
  await expect(writing).rejects.toBeInstanceOf(DiskError);
});
