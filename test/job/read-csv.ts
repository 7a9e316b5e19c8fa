import {parse} from 'csv-parse/sync';
import type {Job} from '../../src/job/job.ts';
import {matchHeader, type HeaderOptions} from '../../src/job/header/match-header.ts';
import type {RowShape} from '../../src/job/header/row-shape.ts';
import {parseRow} from '../../src/job/parse-row.ts';
import type {Issue, ParseContext, ParsedRow, Values} from '../../src/job/row.ts';

export const now = new Date('2026-11-23T08:42:00Z');

export function shapeOf(job: Job, header: readonly string[], options: Partial<HeaderOptions> = {}): RowShape {
  const matched = matchHeader(job, header, {map: {}, set: {}, ignoreUnknown: false, ...options});
  if ('problems' in matched) throw new Error(JSON.stringify(matched.problems));
  return matched.shape;
}

/** All rows of a CSV text. */
export function readCsv(job: Job, csv: string, options: Partial<HeaderOptions> = {}): ParsedRow[] {
  const [header = [], ...records]: string[][] = parse(csv);
  const shape = shapeOf(job, header, options);
  return records.map((cells) => parseRow(shape, cells, {now}));
}

/** One row by its columns. */
export function readRow(
  job: Job,
  cells: Readonly<Record<string, string>>,
  context: Partial<ParseContext> = {},
): ParsedRow {
  return parseRow(shapeOf(job, Object.keys(cells)), Object.values(cells), {now, ...context});
}

export function valuesOf(row: ParsedRow | undefined): Values {
  if (!row || 'issues' in row) throw new Error(JSON.stringify(row));
  return row.values;
}

export function issuesOf(row: ParsedRow | undefined): Issue[] {
  if (!row || 'values' in row) throw new Error(JSON.stringify(row));
  return row.issues;
}
