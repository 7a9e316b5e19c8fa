import {writeCsv} from '../csv/write-rows.ts';
import type {RowState} from '../journal/row-states.ts';
import {
  belongsInRetryLog,
  reportCells,
  reportedColumns,
  reportHeader,
  retryCells,
  retryHeader,
} from './outcome-columns.ts';

/** A run's rows as its CSV file holds them. */
export interface ReportedInput {
  header: readonly string[];
  secretColumns: ReadonlySet<number>;
  rows(): AsyncIterable<readonly {line: number; origin: number; cells: readonly string[]}[]>;
}

type StateOf = (line: number) => RowState;
type Row = {line: number; origin: number; cells: readonly string[]};

/** `report.csv`: every row in the order of the file with what became of it, safe to open in a spreadsheet. */
export function writeReport(path: string, input: ReportedInput, stateOf: StateOf): Promise<void> {
  const columns = reportedColumns(input.header, input.secretColumns);
  return writeCsv(
    path,
    table(input, [...columns.map((at) => input.header[at] ?? ''), ...reportHeader], (row) => {
      const cells = cellsOf(row, input);
      return [...columns.map((at) => cells[at] ?? ''), ...reportCells(row.origin, stateOf(row.line))];
    }),
    {guard: true},
  );
}

/**
 * `retry.csv`: the rows that were surely not applied, cells as they were; itself a file to run. A row with too few or
 * too many cells keeps that many: filled up or cut off it would be another row, and no longer refused.
 */
export function writeRetryLog(path: string, input: ReportedInput, stateOf: StateOf): Promise<void> {
  const columns = reportedColumns(input.header, input.secretColumns);
  return writeCsv(
    path,
    table(input, [...columns.map((at) => input.header[at] ?? ''), ...retryHeader], (row) => {
      const state = stateOf(row.line);
      if (!belongsInRetryLog(state)) return undefined;
      const cells = cellsOf(row, input);
      const kept = columns.filter((at) => at < cells.length).map((at) => cells[at] ?? '');
      return [...kept, ...cells.slice(input.header.length), ...retryCells(row.origin, state)];
    }),
    {guard: false},
  );
}

/** A secret may have slipped into any column of a row that has not the header's number of cells. */
function cellsOf({cells}: Row, {header, secretColumns}: ReportedInput): readonly string[] {
  return secretColumns.size > 0 && cells.length !== header.length ? cells.map(() => '') : cells;
}

async function* table(
  input: ReportedInput,
  header: readonly string[],
  toCells: (row: Row) => readonly string[] | undefined,
): AsyncGenerator<readonly string[]> {
  yield header;
  for await (const batch of input.rows()) {
    for (const row of batch) {
      const cells = toCells(row);
      if (cells) yield cells;
    }
  }
}
