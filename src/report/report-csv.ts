import {type CsvDialect, exactCsv, guardedCsv, markOf} from '../csv/write-rows.ts';
import type {RowState} from '../journal/row-states.ts';
import {isRetried} from '../outcome.ts';
import {reportCells, reportedColumns, reportHeader, retryCells, retryHeader} from './outcome-columns.ts';

/** A row as the run's CSV file holds it; `origin` is its line in the first file. */
interface ReportedLine {
  line: number;
  origin: number;
  cells: readonly string[];
}

/** A run's rows as its CSV file holds them. */
export interface ReportedInput {
  header: readonly string[];
  secretColumns: ReadonlySet<number>;
  /** Fields of the API's answers that the report shows. */
  answerFields: readonly string[];
  lines(): AsyncIterable<readonly ReportedLine[]>;
  dialect(): Promise<CsvDialect>;
}

/** A row, and what became of it. */
export interface ReportedRow extends ReportedLine {
  state: RowState;
}

/** How a CSV file is written: its header line, and the lines of some rows. */
export interface TableWriter {
  header: string;
  rows(rows: readonly ReportedRow[]): string;
}

/** `report.csv`: every row in the order of the file with what became of it, safe to open in a spreadsheet. */
export function reportTable(input: ReportedInput, dialect: CsvDialect): TableWriter {
  const {header, secretColumns, answerFields} = input;
  const {delimiter} = dialect;
  const columns = reportedColumns(header, secretColumns);
  const names = [...columns.map((at) => header[at] ?? ''), ...reportHeader(answerFields)];
  return {
    header: markOf(dialect) + guardedCsv([names], delimiter),
    rows: (rows) =>
      guardedCsv(
        rows.map((row) => {
          const cells = cellsOf(row, input);
          return [
            ...columns.map((at) => cells[at] ?? ''),
            ...reportCells(row.origin, row.state, answerFields),
          ];
        }),
        delimiter,
      ),
  };
}

/**
 * `retry.csv`: the rows that were not applied, cells as they were; itself a file to run. A row with too few or
 * too many cells keeps that many: filled up or cut off it would be another row, and no longer refused.
 */
export function retryTable(input: ReportedInput, dialect: CsvDialect): TableWriter {
  const columns = reportedColumns(input.header, input.secretColumns);
  const {delimiter} = dialect;
  const names = [...columns.map((at) => input.header[at] ?? ''), ...retryHeader];
  return {
    header: markOf(dialect) + exactCsv([names], delimiter),
    rows: (rows) =>
      exactCsv(
        rows
          .filter(({state}) => isRetried(state.outcome))
          .map((row) => {
            const cells = cellsOf(row, input);
            const kept = columns.filter((at) => at < cells.length).map((at) => cells[at] ?? '');
            return [...kept, ...cells.slice(input.header.length), ...retryCells(row.origin, row.state)];
          }),
        delimiter,
      ),
  };
}

/** A row that has not the header's number of cells may have a secret in any column. */
function cellsOf({cells}: ReportedLine, {header, secretColumns}: ReportedInput): readonly string[] {
  return secretColumns.size > 0 && cells.length !== header.length ? cells.map(() => '') : cells;
}
