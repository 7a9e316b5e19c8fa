import {CsvInput} from '../csv/csv-input.ts';
import type {CsvRow} from '../csv/csv-row.ts';
import {exactCsv, markOf} from '../csv/write-rows.ts';
import {writePrivateFile} from '../files/write-file.ts';
import {DisposerStack} from './disposer-stack.ts';
import {openSource} from './open/open-source.ts';
import type {NewRunSpec} from './run-spec.ts';

type GivenFile = Pick<NewRunSpec, 'file' | 'stdin' | 'shape'>;

/** All rows of a file, as they stand. */
export interface FileRows {
  header: readonly string[];
  rows: readonly Pick<CsvRow, 'line' | 'cells'>[];
}

/** @throws FileError or InputError where the file cannot be read */
export async function readRows(given: GivenFile): Promise<FileRows> {
  await using stack = new DisposerStack();
  const csv = await openCsv(given, stack);
  const rows: Pick<CsvRow, 'line' | 'cells'>[] = [];
  for await (const batch of csv.rows()) rows.push(...batch.map(({line, cells}) => ({line, cells})));
  return {header: csv.header, rows};
}

/** What is to stand in a cell; `at` is the position of its column, from 0. */
export interface CellEdit {
  line: number;
  at: number;
  value: string;
}

/** Writes a file with other values in some of its cells, in the dialect of the first, which stays as it is. */
export async function correctFile(given: GivenFile, edits: readonly CellEdit[], path: string): Promise<void> {
  await using stack = new DisposerStack();
  const csv = await openCsv(given, stack);
  const byLine = new Map<number, CellEdit[]>();
  for (const edit of edits) byLine.set(edit.line, [...(byLine.get(edit.line) ?? []), edit]);
  const dialect = await csv.dialect();
  let text = markOf(dialect) + exactCsv([csv.header], dialect.delimiter);
  for await (const batch of csv.rows()) {
    const rows = batch.map(({line, cells}) => {
      const edited = [...cells];
      for (const {at, value} of byLine.get(line) ?? []) edited[at] = value;
      return edited;
    });
    text += exactCsv(rows, dialect.delimiter);
  }
  await writePrivateFile(path, text);
}

async function openCsv({file, stdin, shape: given}: GivenFile, stack: DisposerStack): Promise<CsvInput> {
  const {each: _each, ...shape} = given;
  const source = await openSource(file, stdin, shape);
  stack.defer(() => source.close());
  const {delimiter, encoding, columns, sheet} = source.shape;
  const csv = await CsvInput.open(source.path, {
    title: source.title,
    delimiter,
    encoding,
    columns,
    isSheet: sheet !== undefined,
  });
  stack.defer(() => csv.close());
  return csv;
}
