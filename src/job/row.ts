import type {FileRef} from '../http/request.ts';

export type Scalar = string | number | boolean | null;
export type Value = Scalar | FileRef | Values | Values[];

/**
 * A row in the columns' own names, groups as nested objects (`user_candidature`) and lists (`cursus_users`).
 * A missing key means "do not send this field", null means "clear it". A user column holds a number (the id)
 * or, until logins are resolved, a lower-case string (the login).
 */
export interface Values {
  [column: string]: Value;
}

/** Why a cell or a row is refused. The message never holds the cell; the hint may hold a corrected form of it. */
export interface Problem {
  code: string;
  message: string;
  hint: string;
}

/** A problem at its place: `column` as in the header (`cursus_users.0.begin_at`), `value` the cell, '' for a secret (shown as ***). */
export interface Issue extends Problem {
  column: string;
  value: string;
}

/** Something that was put right without asking, worth telling. */
export interface Note {
  column: string;
  message: string;
}

export type ParsedRow = {values: Values; notes?: Note[]} | {issues: Issue[]};

export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Of dates such as 05/06/2026. */
export type DateOrder = 'dmy' | 'mdy';

/** `because`: "as line 2 shows". `mixed`: the lines that contradict each other. */
export type KnownOrder = {order: DateOrder; because: string} | {mixed: string};

export interface ParseContext {
  now: Date;
  /** The order of day and month in a column; undefined where nothing says it. */
  dateOrder?: (column: string) => KnownOrder | undefined;
  /** Local time to epoch milliseconds; undefined when the zone's clocks skip it. Absent: UTC. */
  zone?: (local: LocalTime) => number | undefined;
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'hint' in value;
}
