import {isFileRef} from '../http/request.ts';
import {foldText} from './columns/characters.ts';
import type {Job} from './job.ts';
import type {Values} from './row.ts';

/** The columns that name the row's target: the first of the job's keys whose columns are all filled; [] if none is. */
export function keyColumns(job: Job, values: Values): readonly string[] {
  for (const key of job.definition.keys) if (isFilled(key, values)) return key;
  return [];
}

/** For every row of a file, several times: hence no closures. */
function isFilled(key: readonly string[], values: Values): boolean {
  for (const column of key) if (values[column] === undefined || values[column] === null) return false;
  return true;
}

/** Two rows have the same key when they have the same target: `user_id=12|godfather_id=14`. */
export function keyOf(job: Job, values: Values): string {
  return keyColumns(job, values)
    .map((column) => `${column}=${escaped(values[column])}`)
    .join('|');
}

/** Texts that look alike are one key. The separator is escaped, so that two different keys are not written alike. */
function escaped(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = isFileRef(value) ? value.file : String(value);
  return foldText(text).replaceAll(/[\\|]/g, (mark) => `\\${mark}`);
}
