import {describe, expect, it} from 'vitest';
import {HashKey} from '../../src/files/hash-key.ts';
import {RowHashes} from '../../src/input/row-hashes.ts';
import {file, text, user} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob} from '../../src/job/job.ts';
import type {Values} from '../../src/job/row.ts';
import {loanJob} from '../plan/small-jobs.ts';

const key = new HashKey(Buffer.alloc(32, 7));
const pictureJob = createJob(
  'pictures',
  defineJob({
    summary: 'Set pictures',
    needs: {roles: ['Painter']},
    columns: {
      user_id: user('Who').required(),
      name: text('Name').nullable(),
      image: file('Picture', {minBytes: 1, maxBytes: 99, types: ['image/png']}).nullable(),
    },
    keys: [['user_id']],
    request: (row) => ({method: 'PUT', path: ['users', row.user_id], body: {user: {name: row.name ?? null}}}),
    readBack: [],
  }),
);

const contents: Record<string, string> = {'a.png': 'one', 'b.png': 'one', 'c.png': 'two'};
const files = {
  read: ({file: name}: {file: string}) =>
    Promise.resolve({
      bytes: new Uint8Array(Buffer.from(contents[name] ?? '')),
      type: 'image/png',
      extension: 'png',
    }),
};
const hashes = (job = loanJob, under = key) => new RowHashes(job, under, files);

const row: Values = {
  user_id: 4,
  book: 'Emma',
  remark: null,
  pin: '1234',
  copies: [{shelf: 'north', code: 'x1'}, {shelf: 'south'}],
};

describe('the hash of a row', () => {
  const cases: [string, Values, boolean][] = [
    ['that is the same', {...row}, true],
    ['whose columns stand in another order', Object.fromEntries(Object.entries(row).reverse()), true],
    ['with another cell', {...row, book: 'Persuasion'}, false],
    ['with a cell that is not cleared any more', {user_id: 4, book: 'Emma', pin: '1234'}, false],
    ['with another cell of a nested record', {...row, copies: [{shelf: 'north'}, {shelf: 'west'}]}, false],
    [
      'with nested records in another order',
      {...row, copies: [{shelf: 'south'}, {shelf: 'north', code: 'x1'}]},
      false,
    ],
    ['with a number for a text', {...row, user_id: '4'}, false],
    ['with another secret', {...row, pin: '9999'}, false],
    [
      'with another secret in a nested record',
      {...row, copies: [{shelf: 'north', code: 'x2'}, {shelf: 'south'}]},
      false,
    ],
  ];

  it.each(cases)('%s', async (_what, values, isSame) => {
    expect((await hashes().row(values)) === (await hashes().row(row))).toBe(isSame);
  });

  it('is that of the contents of a file, not of its name', async () => {
    const of = (image: string) => hashes(pictureJob).row({user_id: 4, image: {file: image}});
    expect(await of('a.png')).toBe(await of('b.png'));
    expect(await of('a.png')).not.toBe(await of('c.png'));
  });

  it('is another one for another job and under another key', async () => {
    const one = await hashes().row(row);
    expect(await hashes(createJob('other', loanJob.definition)).row(row)).not.toBe(one);
    expect(await hashes(loanJob, new HashKey(Buffer.alloc(32, 8))).row(row)).not.toBe(one);
  });
});

describe('the hash of a key', () => {
  it('is that of the target alone', async () => {
    const {key: one} = await hashes().of(row);
    expect((await hashes().of({...row, remark: 'soon', pin: '9'})).key).toBe(one);
    expect((await hashes().of({...row, book: 'Persuasion'})).key).not.toBe(one);
    expect((await hashes(createJob('other', loanJob.definition)).of(row)).key).not.toBe(one);
  });

  it('is that of the whole row where nothing names its target', async () => {
    const {key: one, row: all} = await hashes().of({remark: 'soon'});
    expect(one).toBe(all);
  });
});
