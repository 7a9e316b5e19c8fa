import {writeCsv} from '../csv/write-rows.ts';
import type {RowState} from '../journal/row-states.ts';
import {belongsInRetryLog, reportCells, reportedColumns, reportHeader, retryCells, retryHeader} from './outcome-columns.ts';

/** A run's rows as its CSV file holds them. */
export interface ReportedInput {
  header: readonly string[];
  secretColumns: ReadonlySet<number>;
  rows(): AsyncIterable<readonly {line: number; origin: number; cells: readonly string[]}[]>;
}

type StateOf = (line: number) => RowState;

/** `report.csv`: every row in the order of the file with what became of it, safe to open in a spreadsheet. */
export function writeReport(path: string, input: ReportedInput, stateOf: StateOf): Promise<void> {
  return writeCsv(path, table(input, reportHeader, (row) => reportCells(row.origin, stateOf(row.line))), {guard: true});
}

/** `retry.csv`: the rows that were surely not applied, cells as they were; itself a file to run. */
export function writeRetryLog(path: string, input: ReportedInput, stateOf: StateOf): Promise<void> {
  const rows = table(input, retryHeader, (row) => {
    const state = stateOf(row.line);
    return belongsInRetryLog(state) ? retryCells(row.origin, state) : undefined;
  });
  return writeCsv(path, rows, {guard: false});
}

async function* table(
  input: ReportedInput,
  added: readonly string[],
  cellsOf: (row: {line: number; origin: number}) => readonly string[] | undefined,
): AsyncGenerator<readonly string[]> {
  const columns = reportedColumns(input.header, input.secretColumns);
  yield [...columns.map((at) => input.header[at] ?? ''), ...added];
  for await (const batch of input.rows()) {
    for (const row of batch) {
      const cells = cellsOf(row);
      if (cells) yield [...columns.map((at) => row.cells[at] ?? ''), ...cells];
    }
  }
}
