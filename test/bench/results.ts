import {appendFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, inject} from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this run's results. */
    results: string;
  }
}

/** One line of the table. */
export interface Result {
  what: string;
  /** What came out, and what it is compared with, for people. */
  measured: string;
  yardstick: string;
  /** The number that is judged; undefined or NaN where nothing could be measured. */
  value?: number;
  unit: '×' | 'µs' | 'MB' | 's' | '%';
  /** Undefined where the number is only for information. */
  target?: {atLeast: number} | {atMost: number};
}

/** A point of the curves of cost against size. */
export interface GrowthPoint {
  what: 'validate' | 'run';
  rows: number;
  seconds: number;
  peakMb: number;
}

/** Keeps a line for the table, and prints it at once. */
export function record(result: Result): void {
  // JSON has no NaN and would make it null.
  const line = JSON.stringify(result, (_name, value: unknown) => (Number.isNaN(value) ? undefined : value));
  appendFileSync(join(inject('results'), 'table.ndjson'), `${line}\n`);
  const cells = [
    result.what,
    result.measured,
    result.yardstick,
    shown(result),
    targetOf(result),
    verdict(result),
  ];
  process.stdout.write(`${cells.join(' | ')}\n`);
}

/** For what holds on any machine: a ratio in one run, a size. A regression goes red. */
export function recordAndExpect(result: Result): void {
  record(result);
  expect.soft(verdict(result), `${result.what}: ${shown(result)}, ${targetOf(result)}`).not.toBe('missed');
}

export function recordGrowth(point: GrowthPoint): void {
  appendFileSync(join(inject('results'), 'growth.ndjson'), `${JSON.stringify(point)}\n`);
  process.stdout.write(
    `${point.what} ${point.rows} rows: ${point.seconds.toFixed(2)} s, ${point.peakMb.toFixed(0)} MB\n`,
  );
}

export function shown({value = Number.NaN, unit}: Result): string {
  if (Number.isNaN(value)) return '–';
  const text = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  return `${text} ${unit}`;
}

export function targetOf({target, unit}: Result): string {
  if (target === undefined) return '–';
  return 'atLeast' in target ? `≥ ${target.atLeast} ${unit}` : `≤ ${target.atMost} ${unit}`;
}

export function verdict({value = Number.NaN, target}: Result): 'reached' | 'missed' | 'not measured' | '–' {
  if (target === undefined) return '–';
  if (Number.isNaN(value)) return 'not measured';
  return ('atLeast' in target ? value >= target.atLeast : value <= target.atMost) ? 'reached' : 'missed';
}

/** `12,345 rows/s`. */
export const rowsPerSecond = (rows: number, ms: number): string =>
  `${Math.round((rows / ms) * 1000).toLocaleString('en')} rows/s`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
