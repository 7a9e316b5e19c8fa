/** What is wrong with the number of a row's cells, before a job reads them. */
export interface RecordProblem {
  readonly code: 'too_few_cells' | 'too_many_cells';
  readonly message: string;
  readonly hint: string;
}

/**
 * One record of the file. Without a `problem` there are exactly as many cells as the header has names; with one the
 * cells are as the file has them, however many: cutting or padding them could put a value under another name.
 */
export interface CsvRow {
  /** Line of the file on which the record starts; the first line is 1. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly problem?: RecordProblem;
}
