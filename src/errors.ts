/**
 * What ends a run, sorted by who must act. A row that cannot be written is never an exception: it is a value
 * (see outcome.ts). Each class knows its exit code; `code` is for programs, `message` says what happened,
 * `hint` says what to do next, in a form that can be typed where that is possible.
 */
export interface ErrorFacts {
  code?: string;
  /** Every error names the next step; undefined where there is none, or where the caller adds it. */
  hint: string | undefined;
  cause?: unknown;
}

export abstract class Bulk42Error extends Error {
  /** The code of an error that has none of its own. */
  static readonly code: string;
  abstract readonly exitCode: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, {code, hint, cause}: ErrorFacts) {
    super(message, cause === undefined ? undefined : {cause});
    this.name = new.target.name;
    this.code = code ?? new.target.code;
    this.hint = hint;
  }
}

/** The command line is wrong, the question could not be asked, or the answer was no. Nothing was sent. */
export class UsageError extends Bulk42Error {
  static override readonly code = 'usage';
  readonly exitCode = 2;
}

/** Rows of an earlier run are in doubt, and starting beside it could apply them twice. */
export class InDoubtError extends Bulk42Error {
  static override readonly code = 'in_doubt';
  readonly exitCode = 21;
}

/** Too many rows were refused, the breaker opened too often, or a plan changes more than was allowed. */
export class LimitError extends Bulk42Error {
  static override readonly code = 'limit';
  readonly exitCode = 22;
}

/** Another run of this application holds the lock. */
export class LockedError extends Bulk42Error {
  static override readonly code = 'locked';
  readonly exitCode = 23;
}

/** The CSV file, a plan or a journal does not fit: malformed, invalid, or not the one the run began with. */
export class InputError extends Bulk42Error {
  static override readonly code = 'input';
  readonly exitCode = 65;
}

/** A file is missing or cannot be read. */
export class FileError extends Bulk42Error {
  static override readonly code = 'file';
  readonly exitCode = 66;
}

/** An invariant of the program itself is broken. */
export class BugError extends Bulk42Error {
  static override readonly code = 'bug';
  readonly exitCode = 70;
}

/** The disk refused a write: full, failing or read-only. Nothing may be sent after it. */
export class DiskError extends Bulk42Error {
  static override readonly code = 'disk';
  readonly exitCode = 74;
}

/** The network, the API or its limits are in the way for now; the same command works later. */
export class TemporaryError extends Bulk42Error {
  static override readonly code = 'temporary';
  readonly exitCode = 75;
}

/** The API refuses this application: credentials, role, scope or certificate. */
export class RefusedError extends Bulk42Error {
  static override readonly code = 'refused';
  readonly exitCode = 77;
}

/** The configuration is wrong: base URL, redirect, missing credentials, environment. */
export class ConfigurationError extends Bulk42Error {
  static override readonly code = 'configuration';
  readonly exitCode = 78;
}

/** The program was ended (by a signal, or the end of a time window) while it waited. This is no failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
