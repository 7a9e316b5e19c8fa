import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {buildTemplate} from '../../src/job/build-template.ts';
import {listJobs, loadJob} from '../../src/job/load-jobs.ts';
import {keyOf} from '../../src/job/natural-key.ts';
import {loginsOf, withIds} from '../../src/job/row-users.ts';
import {seed} from '../../src/sandbox/seed.ts';
import {createStore} from '../../src/sandbox/store.ts';
import {readCsv, readRow, valuesOf} from '../job/read-csv.ts';
import {documents} from './documents.ts';

const names = await listJobs();
const sampleOf = (name: string) => readFile(new URL(`../../samples/${name}.csv`, import.meta.url), 'utf8');

it('every document has its job, and every job its document', () => {
  expect(names).toEqual(Object.keys(documents).toSorted());
});

it.each(names)('%s, as it is built, is another one only when it changes itself', async (name) => {
  const built = await readFile(new URL(`../../dist/jobs/${name}.js`, import.meta.url), 'utf8');
  // What it is made with has one name in all versions of the program: its hash is what a resume compares.
  expect([...built.matchAll(/from\s*["']([^"']+)["']/g)].map(([, from]) => from)).toEqual(['#job']);
});

describe.each(names)('the sample of %s', (name) => {
  it('is valid, without two rows for one target, and about users of the sandbox only', async () => {
    const store = createStore();
    seed(store, 60);
    const ids = new Map([...store.users.values()].map((user) => [user.login, user.id]));
    const known = new Set<unknown>(ids.values());
    const job = await loadJob(name);
    const rows = readCsv(job, await sampleOf(name)).map(valuesOf);
    expect(rows.length).toBeGreaterThanOrEqual(8);
    const keys = rows.map((row) => {
      expect(loginsOf(job, row).filter((login) => !ids.has(login))).toEqual([]);
      const bound = withIds(job, row, ids);
      if (!('values' in bound)) throw new Error(JSON.stringify(bound));
      const users = job.columns.filter(({column, group}) => column.kind.type === 'user' && !group);
      const named = users.flatMap(({field}) => bound.values[field] ?? []);
      expect(named.filter((id) => !known.has(id))).toEqual([]);
      return keyOf(job, bound.values);
    });
    expect(new Set(keys).size).toBe(rows.length);
  });

  it('holds no secret and no file', async () => {
    const job = await loadJob(name);
    const header = ((await sampleOf(name)).split('\n')[0] ?? '').split(',');
    const avoided = job.columns.filter(({column}) => column.traits.secret || column.kind.file);
    expect(header.filter((title) => avoided.some((leaf) => leaf.name === title))).toEqual([]);
  });
});

it.each(names)('the template of %s has every column and a valid example row', async (name) => {
  const job = await loadJob(name);
  const {header, example} = buildTemplate(job);
  expect(header).toHaveLength(job.columns.length);
  const row = valuesOf(
    readRow(job, Object.fromEntries(header.map((title, at) => [title, example[at] ?? '']))),
  );
  expect(Object.keys(row)).toEqual(expect.arrayContaining([...(job.definition.keys.at(-1) ?? [])]));
});
