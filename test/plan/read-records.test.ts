import {beforeEach, describe, expect, it} from 'vitest';
import type {Connection} from '../../src/api/connection.ts';
import {type Item, type Path, type Query, Reader} from '../../src/api/reader.ts';
import {systemClock} from '../../src/clock.ts';
import {RefusedError, TemporaryError} from '../../src/errors.ts';
import type {ReadBackQuery} from '../../src/job/define-job.ts';
import {pick} from '../../src/job/pick.ts';
import {readRecords} from '../../src/plan/read-records.ts';

const refused = new RefusedError('no', {code: 'reading_refused', hint: undefined});

/** Gives what the test says, and notes what it was asked. */
class FakeReader extends Reader {
  listed: {path: string; query: Record<string, string>; purpose: string}[] = [];
  asked: string[] = [];
  items: Item[] | Error = [];
  records: Record<string, Record<string, unknown> | Error> = {};

  constructor() {
    super(undefined as unknown as Connection, systemClock, new AbortController().signal);
  }

  override list(path: Path, query: Query, purpose = 'read'): Promise<Item[]> {
    this.listed.push({path: path.join('/'), query: Object.fromEntries(query), purpose});
    return this.items instanceof Error ? Promise.reject(this.items) : Promise.resolve(this.items);
  }

  override one(path: Path): Promise<Record<string, unknown> | undefined> {
    this.asked.push(path.join('/'));
    const record = this.records[path.join('/')];
    return record instanceof Error ? Promise.reject(record) : Promise.resolve(record);
  }
}

const loans: ReadBackQuery = {
  list: ['loans'],
  by: {user_id: 'user_id', book_id: 'book_id'},
  observe: (item) => pick(item, ['book_id', 'remark'], {user_id: 'user.id'}),
};
const loan = (id: number, user: number, book: number) => ({
  id,
  user: {id: user},
  book_id: book,
  remark: `r${id}`,
});

let reader: FakeReader;
beforeEach(() => (reader = new FakeReader()));

const idsOf = (results: Awaited<ReturnType<typeof readRecords>>) =>
  results.map((records) => (typeof records === 'object' ? records.map(({id}) => id) : records));

describe('a list', () => {
  it('is asked for each value once, and gives every row what agrees in all of its filters', async () => {
    reader.items = [loan(1, 5, 70), loan(2, 6, 80), loan(3, 5, 80), loan(4, 5, 70)];
    const rows = [
      {user_id: 5, book_id: 70},
      {user_id: 6, book_id: 70},
      {user_id: 6, book_id: 80},
      {user_id: 5, book_id: 80},
    ];
    const results = await readRecords(reader, loans, rows, 'probe');
    expect(reader.listed).toEqual([
      {path: 'loans', query: {'filter[user_id]': '5,6', 'filter[book_id]': '70,80'}, purpose: 'probe'},
    ]);
    expect(idsOf(results)).toEqual([[1, 4], [], [2], [3]]);
  });

  it('gives what it shows, and id and time where the API shows them', async () => {
    reader.items = [loan(1, 5, 70), {...loan(2, 5, 70), id: 'x'}];
    const values = {user_id: 5, book_id: 70};
    expect(await readRecords(reader, loans, [values])).toEqual([
      [
        {values: {...values, remark: 'r1'}, id: 1},
        {values: {...values, remark: 'r2'}, id: undefined},
      ],
    ]);
    const own: ReadBackQuery = {...loans, id: () => 99};
    const [records] = await readRecords(reader, own, [values]);
    expect(records).toMatchObject([{id: 99}, {id: 99}]);
  });

  it('is asked for 99 distinct values at a time, so that one record for each is a page that is not full', async () => {
    const rows = Array.from({length: 500}, (_, n) => ({user_id: 1 + (n >> 1), book_id: 70}));
    reader.items = [loan(9, 250, 70), loan(8, 100, 70)];
    const results = await readRecords(reader, loans, rows);
    const values = reader.listed.map(({query}) => query['filter[user_id]']?.split(',') ?? []);
    expect(values.map(({length}) => length)).toEqual([99, 99, 52]);
    expect(new Set(values.flat()).size).toBe(250);
    expect(reader.listed.map(({query}) => query['filter[book_id]'])).toEqual(['70', '70', '70']);
    const found = idsOf(results).flatMap((ids, at) => (ids?.length ? [[at, ids]] : []));
    expect(found).toEqual([
      [198, [8]],
      [199, [8]],
      [498, [9]],
      [499, [9]],
    ]);
  });

  it('is not narrowed down by more than 100 values of a further filter', async () => {
    const rows = Array.from({length: 101}, (_, n) => ({user_id: 5, book_id: n + 1}));
    reader.items = [loan(1, 5, 101)];
    const results = await readRecords(reader, loans, rows);
    expect(reader.listed.map(({query}) => query)).toEqual([{'filter[user_id]': '5'}]);
    expect(idsOf(results).flat()).toEqual([1]);
  });

  it('is asked once for each group of rows with the same further filters', async () => {
    const reading: ReadBackQuery = {
      ...loans,
      by: {user_id: 'user_id'},
      where: (row) => ({kind: row['kind'] as string}),
      when: (row) => row['kind'] !== 'none',
      observe: (item, where) => ({...pick(item, [], {user_id: 'user.id'}), kind: where['kind'] ?? ''}),
    };
    reader.items = [loan(1, 5, 70)];
    const rows = ['a', 'b', 'none', 'a'].map((kind, n) => ({user_id: 5 + (n === 3 ? 1 : 0), kind}));
    const results = await readRecords(reader, reading, rows);
    expect(reader.listed.map(({query}) => query)).toEqual([
      {'filter[user_id]': '5,6', 'filter[kind]': 'a'},
      {'filter[user_id]': '5', 'filter[kind]': 'b'},
    ]);
    const kinds = results.map((records) =>
      typeof records === 'object' ? records.map(({values}) => values['kind']) : records,
    );
    expect(kinds).toEqual([['a'], ['b'], undefined, []]);
  });

  it('is not asked about rows without the value it is filtered by', async () => {
    expect(await readRecords(reader, loans, [{book_id: 70}])).toEqual([undefined]);
    expect(await readRecords(reader, loans, [])).toEqual([]);
    expect(reader.listed).toEqual([]);
  });
});

describe('a list under a parent', () => {
  const members: ReadBackQuery = {
    list: ['groups', ':group_id', 'members'],
    by: {user_id: 'user_id'},
    isUnfiltered: true,
    observe: (item) => pick(item, ['user_id', 'rank']),
  };
  const rows = [
    {group_id: 7, user_id: 5},
    {group_id: 8, user_id: 5},
    {group_id: 7, user_id: 6},
    {user_id: 5},
  ];

  it('is read once for each parent, whose rows share it, and says whose parent its items are', async () => {
    reader.items = [
      {id: 1, user_id: 5, rank: 3},
      {id: 2, user_id: 9, rank: 4},
    ];
    const results = await readRecords(reader, members, rows);
    expect(reader.listed.map(({path, query}) => [path, query])).toEqual([
      ['groups/7/members', {}],
      ['groups/8/members', {}],
    ]);
    expect(
      results.map((records) => (typeof records === 'object' ? records.map(({values}) => values) : records)),
    ).toEqual([[{group_id: 7, user_id: 5, rank: 3}], [{group_id: 8, user_id: 5, rank: 3}], [], undefined]);
  });

  it('tells its rows that the API does not know the parent', async () => {
    const missing = new TemporaryError('no', {code: 'list_missing', hint: 'look'});
    reader.items = missing;
    expect(await readRecords(reader, members, rows)).toEqual([
      'no_parent',
      'no_parent',
      'no_parent',
      undefined,
    ]);
    // A list of everything cannot be missing.
    await expect(readRecords(reader, loans, [{user_id: 5, book_id: 70}])).rejects.toBe(missing);
  });

  it('gives a row all its items where nothing distinguishes them', async () => {
    reader.items = [
      {id: 1, rank: 3},
      {id: 2, rank: 4},
    ];
    const reading: ReadBackQuery = {
      ...members,
      list: ['users', ':user_id', 'ranks'],
      by: {},
      where: (row) => ({rank: row['rank'] as string}),
    };
    const results = await readRecords(reader, reading, [
      {user_id: 5, rank: '3'},
      {user_id: 5, rank: '4'},
    ]);
    expect(idsOf(results)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(reader.listed).toMatchObject([
      {path: 'users/5/ranks', query: {'filter[rank]': '3'}},
      {path: 'users/5/ranks', query: {'filter[rank]': '4'}},
    ]);
  });
});

describe('the items of a list', () => {
  const values = {user_id: 5, book_id: 70};

  it('are taken out of their wrapping, and asked for in an order', async () => {
    reader.items = [{loan: loan(1, 5, 70)}];
    const wrapped: ReadBackQuery = {...loans, root: 'loan', sort: 'id'};
    const results = await readRecords(reader, wrapped, [values]);
    expect(results).toEqual([[{values: {...values, remark: 'r1'}, id: 1}]]);
    expect(reader.listed.map(({query}) => query['sort'])).toEqual(['id']);
  });

  it('are never taken for absent where none of them says whose it is', async () => {
    const silent = {id: 1, remark: 'r1'};
    reader.items = [silent, {...silent, id: 2}];
    expect(await readRecords(reader, loans, [values])).toEqual(['unreadable']);
    reader.items = [silent, loan(3, 6, 70)];
    expect(await readRecords(reader, loans, [values])).toEqual([[]]);
  });
});

describe('a refused list', () => {
  const rows = [
    {user_id: 5, book_id: 70},
    {user_id: 6, book_id: 70},
  ];
  const singly: ReadBackQuery = {...loans, one: (row) => ['users', Number(row['user_id']), 'loan']};
  beforeEach(() => (reader.items = refused));

  it('is unreadable where there is no other way', async () => {
    expect(await readRecords(reader, loans, rows)).toEqual(['unreadable', 'unreadable']);
    expect(reader.asked).toEqual([]);
  });

  it('is read record by record where the reading knows how', async () => {
    reader.records = {'users/6/loan': loan(2, 6, 70)};
    expect(idsOf(await readRecords(reader, singly, rows))).toEqual([[], [2]]);
    expect(reader.asked).toEqual(['users/5/loan', 'users/6/loan']);
  });

  it('is unreadable where a record is refused as well, and no more are asked for', async () => {
    reader.records = {'users/5/loan': refused};
    expect(await readRecords(reader, singly, rows)).toEqual(['unreadable', 'unreadable']);
    expect(reader.asked).toEqual(['users/5/loan']);
  });

  it('is nothing but a refused reading: any other failure ends it', async () => {
    const down = new TemporaryError('down', {hint: undefined});
    reader.records = {'users/5/loan': down};
    await expect(readRecords(reader, singly, rows)).rejects.toBe(down);
    reader.items = down;
    await expect(readRecords(reader, loans, rows)).rejects.toBe(down);
    const scope = new RefusedError('no', {code: 'scope', hint: undefined});
    reader.items = scope;
    await expect(readRecords(reader, singly, rows)).rejects.toBe(scope);
  });
});

describe('users that are known already', () => {
  const users: ReadBackQuery = {
    list: ['users'],
    by: {id: 'id'},
    observe: (item) => pick(item, ['id', 'login']),
  };
  const known = new Map([[5, {id: 5, login: 'jeanne'}]]);
  const rows = [{id: 5}, {id: 6}];

  it('are not read again', async () => {
    reader.items = [{id: 6, login: 'kpedro'}];
    const results = await readRecords(reader, users, rows, 'read', known);
    expect(reader.listed.map(({query}) => query)).toEqual([{'filter[id]': '6'}]);
    expect(results).toMatchObject([
      [{values: {id: 5, login: 'jeanne'}, id: 5}],
      [{values: {login: 'kpedro'}}],
    ]);
  });

  it('are read by any reading that would show something else of them', async () => {
    const values = async (reading: ReadBackQuery) => {
      reader.listed = [];
      await readRecords(reader, reading, rows, 'read', known);
      return reader.listed.map(({query}) => query['filter[id]']);
    };
    expect(await values({...users, list: ['campus_users']})).toEqual(['5,6']);
    expect(await values({...users, where: () => ({alumni: 'true'})})).toEqual(['5,6']);
  });
});
