import {UsageError} from '../errors.ts';

/** When a run stops because the API refuses too many of its rows. */
export type FailureLimit = {inARowFromTheStart: number} | {rows: number} | {percent: number};

export const defaultFailureLimit: FailureLimit = {inARowFromTheStart: 10};

/** A percentage says nothing about the first few rows. */
const minSettledRows = 20;

/** @throws UsageError unless the text is `N` or `N%`. */
export function parseLimit(text: string, option: string): {rows: number} | {percent: number} {
  const match = /^(\d{1,7})(%?)$/.exec(text.trim());
  const number = Number(match?.[1]);
  if (!match || (match[2] === '%' && number > 100)) {
    throw new UsageError(`--${option} takes a number of rows or a percentage, not "${text}"`, {
      hint: `for example --${option} 5 or --${option} 10%`,
    });
  }
  return match[2] === '%' ? {percent: number} : {rows: number};
}

/** Whether the run must stop, after so many rows were settled by the API and so many of them refused. */
export function isReached(limit: FailureLimit, refused: number, settled: number): boolean {
  if ('inARowFromTheStart' in limit) return refused === settled && refused >= limit.inARowFromTheStart;
  if ('rows' in limit) return refused >= Math.max(1, limit.rows);
  return refused > 0 && settled >= minSettledRows && refused * 100 >= limit.percent * settled;
}
