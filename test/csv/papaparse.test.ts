import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {runInNewContext} from 'node:vm';
import {expect, it} from 'vitest';
import {InputError} from '../../src/errors.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {readTable} from './read-table.ts';

interface Case {
  description: string;
  input: string;
  config?: Record<string, unknown>;
  expected: {data: (string[] | Record<string, string>)[]; errors: {type: string}[]};
}

/** The published tests of Papa Parse are a script for a browser: its tables are taken out of it. */
function casesOfPapaParse(): Case[] {
  const path = createRequire(import.meta.url).resolve('papaparse/tests/test-cases.js');
  const ignored = Object.assign(() => undefined, {skip: () => undefined});
  const globals = {describe: ignored, require: () => ({}), module: {exports: {}}};
  const script = `${readFileSync(path, 'utf8')}; [...CORE_PARSER_TESTS, ...PARSE_TESTS]`;
  return runInNewContext(script, globals) as Case[];
}

/** Without the options of Papa Parse that change what a CSV file is: comments, typed values, other quotes. */
function isPlain({config = {}, expected}: Case): boolean {
  const {delimiter = ',', newline: _newline, header, skipEmptyLines: _skip, ...more} = config;
  const isRenamed = header === true && Array.isArray(expected.data[0]);
  return [',', '\t', '|'].includes(String(delimiter)) && Object.keys(more).length === 0 && !isRenamed;
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');

/** The cells as they are read, or the line of the refusal. */
async function read({input, config = {}, expected}: Case): Promise<{cells: string[][]} | {line: number}> {
  const path = join(temporaryFolder(), 'case.csv');
  writeFileSync(path, input);
  const first = expected.data.map((row) => Object.values(row)).find((cells) => !isBlank(cells)) ?? [''];
  const columns = first.map((_, at) => `c${at}`);
  const delimiter = config['delimiter'] as string | undefined;
  try {
    const {rows} = await readTable(path, {delimiter, ...(config['header'] !== true && {columns})});
    const refused = rows.find(({problem}) => problem !== undefined);
    return refused ? {line: refused.line} : {cells: rows.map(({cells}) => [...cells])};
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {line: Number(/^line (\d+)/.exec(error.message)?.[1] ?? 1)};
  }
}

/** What Papa Parse takes, and this program refuses rather than guess what was meant. */
const refusedAlone = [
  // A bare quote in a cell, and spaces around the quotes of one.
  'Unquoted field with quotes at end of field',
  'Quoted field with whitespace around quotes',
  'Misplaced quotes in data, not as opening quotes',
  'Quoted fields with spaces between closing quote and next delimiter',
  'Quoted fields with spaces between closing quote and next new line',
  'Quoted fields with spaces after closing quote',
  'Misplaced quotes in data twice, not as opening quotes',
  // The row is the header again, in small letters.
  'Header row with one row of data',
  'Row with enough fields but blank field at end',
  // Spaces behind a closing quote again.
  'Quoted fields with spaces between closing quote and next delimiter and contains delimiter',
  'Quoted fields with spaces between closing quote and newline and contains newline',
];

/** Here each line end ends a row, also in a file that mixes them; Papa Parse keeps those that are not like the first. */
const otherwise = 'Mixed slash n and slash r should choose first as precident';

it('the published tests of Papa Parse are read the same or refused, never otherwise', async () => {
  const cases = casesOfPapaParse().filter(isPlain);
  expect(cases.length).toBeGreaterThanOrEqual(80);
  const refused: string[] = [];
  for (const each of cases) {
    const {description, expected} = each;
    const after = await read(each);
    const isMalformed = expected.errors.some(({type}) => type !== 'Delimiter');
    if ('line' in after && !isMalformed) refused.push(description);
    else if (description !== otherwise) {
      const rows = expected.data.map((row) => Object.values(row)).filter((row) => !isBlank(row));
      expect({description, after}).toEqual({
        description,
        after: isMalformed ? {line: expect.toBeOneOf([1, 2])} : {cells: rows},
      });
    }
  }
  expect(refused).toEqual(refusedAlone);
});
