import type {CellValue, Column, Group} from '../columns/column.ts';
import type {Job, LeafColumn} from '../job.ts';
import type {ParseContext, Problem} from '../row.ts';

/** Where one column's cell is found, worked out once for all rows. */
export interface Slot {
  /** As in a header: `cursus_users.0.begin_at`. */
  name: string;
  field: string;
  column: Column;
  /** Index of the cell in a record; -1 where the file does not have the column. */
  at: number;
  /** What an empty cell stands for: the value of `--set`, or ''. */
  fallback: string;
  /** Whether `<clear>` is allowed: nullable, and no part of a key. */
  clearable: boolean;
  /** Parsed dates, in one context. */
  read?: {context: ParseContext; values: Map<string, CellValue | Problem>};
}

/** How the records of one file become rows of one job. */
export interface RowShape {
  job: Job;
  slots: readonly Slot[];
  groups: readonly {name: string; definition: Group; elements: readonly (readonly Slot[])[]}[];
  /** Headers of the file that the job does not know. */
  unknown: readonly string[];
  /** Columns of the file that are not read. */
  ignored: readonly {at: number; header: string; leaf: LeafColumn}[];
  /** Cells from this index on have no header and must be empty. */
  width: number;
  /** Columns whose header is another name for them. */
  aliased: readonly {column: string; header: string}[];
}
