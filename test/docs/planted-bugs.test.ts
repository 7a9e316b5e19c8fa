import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';

interface Mutant {
  bug: string;
  edits: {file: string; from: string; to: string}[];
}

const list = new URL('../../scripts/mutants/mutants.mjs', import.meta.url).href;
const {mutants} = (await import(list)) as {mutants: Mutant[]};

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

it.each(mutants)('$bug: the source still has the place where it is planted', ({edits}) => {
  for (const {file, from} of edits)
    expect({file, from, places: read(file).split(from).length - 1}).toEqual({file, from, places: 1});
});

it('the table has every bug, and a test that notices it', () => {
  const rows = read('docs/planted-bugs.md').match(/^\| \d.*$/gm) ?? [];
  expect(rows.map((row) => row.split('|')[2]?.trim())).toEqual(mutants.map(({bug}) => bug));
  expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
});
