import {createHash} from 'node:crypto';
import {appendFile, mkdtemp, readFile, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {CsvInput} from '../../src/csv/csv-input.ts';
import {collectRows, fixture, readTable} from './read-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
});
afterAll(() => rm(folder, {recursive: true}));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const HEADER = ['login', 'first_name', 'points'];
const ROWS = [
  ['zoé', 'Zoé €', '42'],
  ['bob', 'Bob', '7'],
];

describe('what spreadsheets write', () => {
  test.each([
    'utf8',
    'bom',
    'crlf',
    'cr',
    'mixed-line-ends',
    'no-final-line-end',
    'all-quoted',
    'semicolon',
    'tab',
    'pipe',
    'utf16le',
    'utf16be',
    'utf16le-without-bom',
    'utf16be-without-bom',
    'windows-1252',
  ])('%s.csv is read', async (name) => {
    const table = await readTable(fixture(name));
    expect(table.header).toEqual(HEADER);
    expect(table.cells).toEqual(ROWS);
    expect(table.lines).toEqual([2, 3]);
    expect(table.headerLine).toBe(1);
  });

  test('a first line sep=; names the delimiter and is no row', async () => {
    const table = await readTable(fixture('sep-line'));
    expect(table.header).toEqual(HEADER);
    expect(table.headerLine).toBe(2);
    expect(table.cells).toEqual(ROWS);
    expect(table.lines).toEqual([3, 4]);
  });

  test('the option wins over a first line sep=, which still is no row', async () => {
    const path = await file('sep-wins.csv', 'sep=,\nlogin|points\nbob|7\n');
    const table = await readTable(path, {delimiter: 'pipe'});
    expect(table.header).toEqual(['login', 'points']);
    expect(table.cells).toEqual([['bob', '7']]);
  });

  test('quoted line breaks, quotes and delimiters belong to the cell', async () => {
    const table = await readTable(fixture('quoted-newline'));
    expect(table.cells).toEqual([
      ['zoé', 'Zoé\r\nde\nla\rRue', '42'],
      ['bob', 'Bo"b, the, one', '7'],
    ]);
    expect(table.lines).toEqual([2, 6]);
  });

  test('blank lines, of spaces or of delimiters too, are no rows but count as lines', async () => {
    const table = await readTable(fixture('blank-lines'));
    expect(table.headerLine).toBe(3);
    expect(table.cells).toEqual(ROWS);
    expect(table.lines).toEqual([5, 9]);
  });

  test('empty columns behind the last name are dropped', async () => {
    const table = await readTable(fixture('trailing-empty-columns'));
    expect(table.header).toEqual(HEADER);
    expect(table.cells).toEqual(ROWS);
    expect(table.rows.some((row) => row.problem !== undefined)).toBe(false);
  });

  test('one column: "" is a row with an empty cell', async () => {
    const table = await readTable(fixture('one-column'));
    expect(table.cells).toEqual([['zoé'], [''], ['bob']]);
    expect(table.lines).toEqual([2, 3, 4]);
  });

  test('commas inside numbers do not make a comma file', async () => {
    const table = await readTable(fixture('decimal-commas'));
    expect(table.cells).toEqual([
      ['zoé', '4,2'],
      ['bob', '7,5'],
    ]);
  });
});

test('a row with missing or extra cells keeps them all and says so', async () => {
  const table = await readTable(fixture('ragged'));
  expect(table.rows.map(({line, cells, problem}) => [line, cells.length, problem?.code])).toEqual([
    [2, 3, undefined],
    [3, 2, 'too_few_cells'],
    [4, 4, 'too_many_cells'],
    [5, 3, undefined],
  ]);
  expect(table.rows[2]?.problem?.message).toBe('the row has 4 cells, the header 3');
});

describe('encoding', () => {
  test('windows-1252 is a guess, and a warning says so', async () => {
    const table = await readTable(fixture('windows-1252'));
    expect(table.warnings).toEqual([expect.stringContaining('windows-1252')]);
  });

  test('what was asked for is no guess', async () => {
    const table = await readTable(fixture('windows-1252'), {encoding: 'CP1252', delimiter: ','});
    expect(table.cells).toEqual(ROWS);
    expect(table.warnings).toEqual([]);
  });

  test('the first accent of a windows-1252 file may come late', async () => {
    const head = `login,points\n${'bob,7\n'.repeat(40_000)}`;
    const path = await file('late.csv', Buffer.from(`${head}zo\xe9,9\n`, 'latin1'));
    const table = await readTable(path);
    expect(table.cells.at(-1)).toEqual(['zoé', '9']);
  });

  test('characters of four bytes survive the borders between reads, in every encoding', async () => {
    for (const encoding of ['utf8', 'utf16le', 'utf16be'] as const) {
      for (const shift of [0, 1, 2, 3]) {
        const cells = Array.from({length: 900}, (_, index) => '😀'.repeat(60) + index);
        const text = `\ufefflogin${'x'.repeat(shift)}\n${cells.join('\n')}\n`;
        const bytes =
          encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding);
        const path = await file('emoji.csv', bytes);
        const table = await readTable(path);
        expect(table.cells.flat().join()).toBe(cells.join());
      }
    }
  });
});

describe('the same file', () => {
  test('its hash is that of its bytes, and each pass starts at the first row', async () => {
    const path = fixture('utf16be');
    const bytes = await readFile(path);
    const input = await CsvInput.open(path);
    expect(input.title).toBe(path);
    expect(input.bytes).toBe(bytes.length);
    expect(await collectRows(input)).toEqual(await collectRows(input));
    expect(await input.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    await input.close();
  });

  const changes: [string, (path: string) => Promise<void>][] = [
    ['grew', (path) => appendFile(path, 'eve,1\n')],
    ['was written again', (path) => writeFile(path, 'login,points\nann,7\n')],
  ];
  test.each(changes)('a file that %s is refused by the next pass', async (_, change) => {
    const path = await file('changing.csv', 'login,points\nbob,7\n');
    await utimes(path, 1000, 1000);
    const input = await CsvInput.open(path);
    await collectRows(input);
    await change(path);
    await expect(collectRows(input)).rejects.toMatchObject({exitCode: 65, code: 'file_changed'});
    await input.close();
  });

  test('a file that was only touched is read on', async () => {
    const path = await file('touched.csv', 'login,points\nbob,7\n');
    const input = await CsvInput.open(path);
    const rows = await collectRows(input);
    await utimes(path, 1, 1);
    expect(await collectRows(input)).toEqual(rows);
    await input.close();
  });

  test('a file that grew behind an unchanged date is refused before its first row', async () => {
    const path = await file('growing.csv', 'login,points\nbob,7\n');
    await utimes(path, 1000, 1000);
    const input = await CsvInput.open(path);
    await appendFile(path, 'eve,1\n'.repeat(20_000));
    await utimes(path, 1000, 1000);
    const first = input.rows()[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({code: 'file_changed'});
    await input.close();
  });

  test('bytes that changed behind an unchanged date are refused before the last row is given', async () => {
    const path = await file('sly.csv', 'login,points\nbob,7\nann,123');
    await utimes(path, 1000, 1000);
    const input = await CsvInput.open(path);
    await collectRows(input);
    await writeFile(path, 'login,points\nbob,7\nann,124');
    await utimes(path, 1000, 1000);
    const seen: string[] = [];
    const pass = async (): Promise<void> => {
      for await (const batch of input.rows()) seen.push(...batch.map((row) => row.cells.join()));
    };
    await expect(pass()).rejects.toMatchObject({code: 'file_changed'});
    // Its first chunk shows it: no row of other bytes is given, however early in the file.
    expect(seen).toEqual([]);
    await input.close();
  });
});
