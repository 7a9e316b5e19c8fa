import {isFileRef} from '../api/request.ts';
import type {Job} from './job.ts';
import type {Values} from './row.ts';

/** The columns that name the row's target: the first of the job's keys whose columns are all filled; [] if none is. */
export function keyColumns(job: Job, values: Values): readonly string[] {
  const filled = (column: string) => values[column] !== undefined && values[column] !== null;
  return job.definition.keys.find((key) => key.every(filled)) ?? [];
}

/** Two rows have the same key when they have the same target: `user_id=12|godfather_id=14`. */
export function keyOf(job: Job, values: Values): string {
  let key = '';
  for (const column of keyColumns(job, values)) key += `${column}=${escaped(values[column])}|`;
  return key.slice(0, -1);
}

/** Text may hold the separator, and two different keys must never be written alike. */
function escaped(value: unknown): string {
  const text = isFileRef(value) ? value.file : String(value);
  return typeof value === 'number' ? text : text.replaceAll(/[\\|]/g, (mark) => `\\${mark}`);
}
