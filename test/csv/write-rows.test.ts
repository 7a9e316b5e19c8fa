import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {exactCsv, guardedCsv, withoutGuard} from '../../src/csv/write-rows.ts';
import {CASES, readTable} from './read-table.ts';

let path: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
  path = join(folder, 'written.csv');
});
afterAll(() => rm(folder, {recursive: true}));

async function read(text: string) {
  await writeFile(path, text);
  return readTable(path, {delimiter: ','});
}

describe('with guard', () => {
  test('every cell is quoted, and quotes are doubled', () => {
    expect(
      guardedCsv([
        ['a', ''],
        ['5" disk', 'x;y'],
      ]),
    ).toBe('"a",""\n"5"" disk","x;y"\n');
  });

  test.each([
    '=1+2',
    "'=1",
    "''-33",
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
    expect((await read(guardedCsv([['name'], [cell]]))).cells).toEqual([[`'${cell}`]]);
  });

  test.each(['a=1', '5-3', 'mail@x', "'a", 'a";=1+2', '1', 'é'])('%j stays as it is', async (cell) => {
    expect((await read(guardedCsv([['name'], [cell]]))).cells).toEqual([[cell]]);
  });

  test('taking the guard off gives each cell as it was', () => {
    const cell = fc.string({unit: fc.constantFrom("'", '=', '+', '-', '@', ' ', '\t', 'a', '7')});
    fc.assert(
      fc.property(cell, (text) => {
        const [read] = parse(guardedCsv([[text, 'x']]));
        expect(withoutGuard(read?.[0] ?? '')).toBe(text);
      }),
      {numRuns: CASES},
    );
  });

  test('no cell of any text begins as a formula does', () => {
    const cell = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '＝', ' ', '\t', '\r', '\n', '"', ';', 'a'),
    });
    fc.assert(
      fc.property(fc.array(cell, {minLength: 2, maxLength: 4}), (cells) => {
        const [read] = parse(guardedCsv([cells]));
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
  test('cells are quoted only where a reader needs it', () => {
    const rows = [
      ['plain', 'é', '-5', '=1', "it's"],
      ['a,b', 'a;b', 'a\tb', 'a|b', 'a"b'],
      ['a\nb', 'a\rb', ' a', 'a ', ''],
    ];
    expect(exactCsv(rows)).toBe(
      'plain,é,-5,=1,it\'s\n"a,b","a;b","a\tb","a|b","a""b"\n"a\nb","a\rb"," a","a ",\n',
    );
  });

  test('a row of one empty cell is no empty line', () => {
    expect(exactCsv([['name'], [''], ['bob']])).toBe('name\n""\nbob\n');
  });

  test('a header that looks like a declaration of the delimiter is a header', async () => {
    await writeFile(path, exactCsv([['sep=;'], ['x']]));
    expect(await readTable(path)).toMatchObject({header: ['sep=;'], cells: [['x']]});
  });
});
