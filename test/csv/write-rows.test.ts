import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {writeCsv, type WriteOptions} from '../../src/csv/write-rows.ts';
import {CASES, readTable} from './read-table.ts';

let path: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
  path = join(folder, 'written.csv');
});
afterAll(() => rm(folder, {recursive: true}));

async function written(rows: string[][], options: WriteOptions): Promise<string> {
  await writeCsv(path, rows, options);
  return readFile(path, 'utf8');
}

describe('with guard', () => {
  test('every cell is quoted, and quotes are doubled', async () => {
    expect(
      await written(
        [
          ['a', ''],
          ['5" disk', 'x;y'],
        ],
        {guard: true},
      ),
    ).toBe('"a",""\n"5"" disk","x;y"\n');
  });

  test.each([
    '=1+2',
    '+1',
    '-5',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\nx',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    ' =1',
    '  \t=1',
    '\u00a0=1',
    '\ufeff=1',
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://x";"y")',
  ])('%j begins with an apostrophe', async (cell) => {
    await writeCsv(path, [['name'], [cell]], {guard: true});
    expect((await readTable(path, {delimiter: ','})).cells).toEqual([[`'${cell}`]]);
  });

  test.each(['a=1', '5-3', 'mail@x', "'=1", 'a";=1+2', '1', 'é'])('%j stays as it is', async (cell) => {
    await writeCsv(path, [['name'], [cell]], {guard: true});
    expect((await readTable(path)).cells).toEqual([[cell]]);
  });

  test('no cell of any text begins as a formula does', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '＝', ' ', '\t', '\r', '\n', '"', ';', 'a'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, {minLength: 2, maxLength: 4}), async (cells) => {
        const text = await written([cells], {guard: true});
        const [read] = parse(text);
        expect(read?.map((got, i) => got === cells[i] || got === `'${cells[i]}`)).toEqual(
          cells.map(() => true),
        );
        for (const got of read ?? [])
          expect('=+-@＝\t\r\n').not.toContain(got.trimStart().charAt(0) || 'empty');
        for (const got of read ?? []) expect(['\t', '\r', '\n']).not.toContain(got.charAt(0));
      }),
      {numRuns: CASES},
    );
  });
});

describe('without guard', () => {
  test('cells are quoted only where a reader needs it', async () => {
    const rows = [
      ['plain', 'é', '-5', '=1', "it's"],
      ['a,b', 'a;b', 'a\tb', 'a|b', 'a"b'],
      ['a\nb', 'a\rb', ' a', 'a ', ''],
    ];
    expect(await written(rows, {guard: false})).toBe(
      'plain,é,-5,=1,it\'s\n"a,b","a;b","a\tb","a|b","a""b"\n"a\nb","a\rb"," a","a ",\n',
    );
  });

  test('a row of one empty cell is no empty line', async () => {
    expect(await written([['name'], [''], ['bob']], {guard: false})).toBe('name\n""\nbob\n');
  });

  test('a byte order mark comes first, once', async () => {
    expect(await written([['a'], ['b']], {guard: false, bom: true})).toBe('\ufeffa\nb\n');
  });

  test('a header that looks like a declaration of the delimiter is a header', async () => {
    await writeCsv(path, [['sep=;'], ['x']], {guard: false});
    expect(await readTable(path)).toMatchObject({header: ['sep=;'], cells: [['x']]});
  });
});

test('rows may come one after another, slowly', async () => {
  async function* rows(): AsyncGenerator<string[]> {
    for (let i = 0; i < 50_000; i++) yield await Promise.resolve([`${i}`, 'x']);
  }
  await writeCsv(path, rows(), {guard: false});
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines).toHaveLength(50_001);
  expect(lines[49_999]).toBe('49999,x');
});
