import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readTable, type Table} from './read-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
});
afterAll(() => rm(folder, {recursive: true}));

async function read(...lines: string[]): Promise<Table> {
  const path = join(folder, 'rows.csv');
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return readTable(path, {delimiter: ','});
}

const problems = ({rows}: Table) =>
  rows.flatMap(({line, problem}) => (problem === undefined ? [] : [[line, problem.code]]));

describe('a row with another number of cells than the header was written with', () => {
  const address = 'id,street,complement,city,zip,phone';
  const sound = 'u7,"5, rue de Siam",,Brest,29200,0601';
  test.each([
    ['an unquoted comma before an empty last cell', address, [sound, 'u2,5, rue de Siam,,Brest,29200,'], 3],
    ['the same in the first row', address, ['u2,5, rue de Siam,,Brest,29200,', sound], 2],
    ['the same in the only row', address, ['u2,5, rue de Siam,,Brest,29200,'], 2],
    ['two commas too many, and two empty cells', 'a,b,c,d', ['1,2,3,4', '1,x, y, z,,'], 3],
    ['names cut at their commas in all rows', 'id,first,last', ['1,Marie, Le Goff,', '2,Le, Goff,'], 2],
    ['the same in the second row alone', 'id,first,last', ['1,Anne,Goff,', '2,Le, Goff,'], 3],
    ['in a row behind many', 'id,street,city', [...Array(9).fill('1,a,b,'), '2,5, rue de Siam,,'], 11],
    ['cut at a comma and a tab', 'id,street,city', ['1,5,\true de Siam,', '2,6,\true de Siam,'], 2],
    ['a surplus of white space', 'a,b,c', ['1,2,3', '1,x, y, '], 3],
    ['one more empty cell than all others', 'a,b', ['1,2,', '3,4,', '5,6'], 4],
    ['a surplus that is filled in one row', 'a,b', ['1,2,', '3,4,5'], 3],
    ['a cell fewer, beside empty names', 'a,b,,', ['1,2,,', ',2,'], 3],
    ['a cell fewer', 'a,b,c', ['1,2,3', '1,3'], 3],
  ])('%s is refused', async (_, header, rows, line) => {
    const refused = await read(header, ...rows).then(
      (table) => problems(table).map(([at]) => at),
      (error: Error) => [Number(/^line (\d+): the row has /.exec(error.message)?.[1])],
    );
    expect(refused).toContain(line);
  });

  test.each([
    ['a,b', ['1,2,', '3,4,']],
    ['a,b', ['1,2,,', '3,4, ,', ',,,,']],
    ['a, b', ['1, 2,', '3, 4,']],
    ['a,b,,', ['1,2', '3,4']],
    ['a,b,,', ['1,2,,', '3,4,,']],
  ])(
    'is read where all rows have it, and the cells without a name are empty: %s, %j',
    async (header, rows) => {
      const table = await read(header, ...rows);
      expect(table.cells.map((cells) => cells.map((cell) => cell.trim()))).toEqual([
        ['1', '2'],
        ['3', '4'],
      ]);
      expect(problems(table)).toEqual([]);
    },
  );
});

describe('rows without their last delimiters', () => {
  const header = 'id,first,last,status,phone';
  const full = (from: number, to: number) =>
    Array.from({length: to - from + 1}, (_, n) => `u${from + n},F,L,${n === 2 ? 'x' : ''},`);
  const short = (from: number, to: number, cells = ',F,L') =>
    Array.from({length: to - from + 1}, (_, n) => `u${from + n}${cells}`);

  test.each([
    ['from the 17th row below the header', [...full(1, 16), ...short(17, 20)]],
    ['from the 17th row, the header counted', [...full(1, 15), ...short(16, 20)]],
    [
      'in two blocks, a full one between them',
      [...full(1, 16), ...short(17, 32), ...full(33, 48), ...short(49, 50)],
    ],
    ['in two blocks of other lengths', [...full(1, 16), ...short(17, 32), ...short(33, 40, ',F,,x')]],
  ])('in blocks of 16 as Excel leaves them out are read, %s', async (_, rows) => {
    const table = await read(header, ...rows);
    expect(problems(table)).toEqual([]);
    expect(table.cells.every((cells) => cells.length === 5)).toBe(true);
    expect(table.cells.map((cells) => cells[0])).toEqual(rows.map((row) => row.split(',')[0]));
  });

  test.each([
    ['where no block begins', [...full(1, 10), ...short(11, 20)], 12],
    ['in a part of a block', [...full(1, 16), ...short(17, 20), ...full(21, 30)], 18],
    ['of different lengths in one block', [...full(1, 16), ...short(17, 18), 'u19,F'], 18],
    ['in one row at the end', [...full(1, 16), 'u17,F,L'], 18],
    ['though all end with an empty cell', [...full(1, 16), ...short(17, 20, ',F,')], 18],
    ['in all rows', short(1, 20), 2],
  ])('are refused %s', async (_, rows, line) => {
    expect(problems(await read(header, ...rows))[0]).toEqual([line, 'too_few_cells']);
  });
});

describe('a second header', () => {
  test.each([
    ['the same again', 'user_id,godfather_id', 'user_id,godfather_id'],
    ['in other order', 'user_id,godfather_id', 'godfather_id,user_id'],
    ['in other letters', 'user_id,godfather_id', 'USER_ID, Godfather_ID '],
    ['with a column more', 'user_id,godfather_id', 'user_id,godfather_id,ongoing'],
    ['with a column fewer', 'user_id,godfather_id,ongoing', 'user_id,godfather_id'],
    ['behind a new column', 'user_id,godfather_id', 'campus,user_id,godfather_id'],
    ['of one column', 'login', 'login'],
  ])('%s is named with its line', async (_, header, again) => {
    const row = header.split(',').map((name) => `x${name.length}`);
    await expect(read(header, row.join(','), again, row.join(','))).rejects.toMatchObject({
      exitCode: 65,
      code: 'second_header',
      message: expect.stringMatching(/^line 3: .*line 1/),
    });
  });

  test('is one, too, where an option names the columns', async () => {
    const path = join(folder, 'named.csv');
    await writeFile(path, 'login,points\nbob,7\n');
    await expect(readTable(path, {columns: ['login', 'points']})).rejects.toMatchObject({
      code: 'second_header',
      message: expect.stringMatching(/^line 1: .*--columns/),
    });
  });

  test('is not a row in which one cell is the name of a column', async () => {
    expect((await read('reason,kind', 'kind,other')).cells).toEqual([['kind', 'other']]);
  });
});
