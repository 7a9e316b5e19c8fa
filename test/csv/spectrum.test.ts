import {readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {readTable} from './read-table.ts';

const spectrum = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));

describe('the acid tests of csv-spectrum', () => {
  const names = readdirSync(join(spectrum, 'csvs')).map((name) => name.replace(/\.csv$/, ''));

  test('are there', () => expect(names).toHaveLength(12));

  // No spreadsheet writes a bare quote inside a cell, and its own JSON shows another row.
  test('location_coordinates is no RFC 4180, and refused with its place', async () => {
    await expect(readTable(join(spectrum, 'csvs', 'location_coordinates.csv'))).rejects.toMatchObject({
      code: 'quote_inside_cell',
      message: expect.stringMatching(/^line 2, column 2: /),
    });
  });

  test.each(names.filter((name) => name !== 'location_coordinates'))('%s', async (name) => {
    const wanted = JSON.parse(readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8')) as object[];
    const table = await readTable(join(spectrum, 'csvs', `${name}.csv`), {delimiter: ','});
    const read = table.cells.map((cells) =>
      Object.fromEntries(table.header.map((name, i) => [name, cells[i]])),
    );
    expect(read).toEqual(wanted);
  });
});
