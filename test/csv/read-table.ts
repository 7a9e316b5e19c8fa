import {fileURLToPath} from 'node:url';
import type {CsvRow} from '../../src/csv/csv-row.ts';
import {CsvInput, type CsvOptions} from '../../src/csv/csv-input.ts';

/** How many cases a property tries; BULK42_TEST_SCALE=10 tries ten times as many. */
export const CASES = 300 * Number(process.env['BULK42_TEST_SCALE'] ?? 1);

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/csv/${name}.csv`, import.meta.url));
}

export async function collectRows(input: CsvInput): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const batch of input.rows()) rows.push(...batch);
  return rows;
}

export interface Table {
  header: readonly string[];
  rows: readonly CsvRow[];
  cells: readonly (readonly string[])[];
  lines: readonly number[];
  warnings: readonly string[];
  headerLine: number;
}

/** Everything there is to know of a file, with the file closed again. */
export async function readTable(path: string, options?: CsvOptions): Promise<Table> {
  const input = await CsvInput.open(path, options);
  try {
    const rows = await collectRows(input);
    const {header, warnings, headerLine} = input;
    return {
      header,
      rows,
      cells: rows.map((row) => row.cells),
      lines: rows.map((row) => row.line),
      warnings,
      headerLine,
    };
  } finally {
    await input.close();
  }
}
