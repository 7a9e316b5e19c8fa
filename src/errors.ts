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
  abstract readonly exitCode: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(defaultCode: string, message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : {cause: facts.cause});
    this.name = new.target.name;
    this.code = facts.code ?? defaultCode;
    this.hint = facts.hint;
  }
}

/** The command line is wrong, the question could not be asked, or the answer was no. Nothing was sent. */
export class UsageError extends Bulk42Error {
  readonly exitCode = 2;
  constructor(message: string, facts: ErrorFacts) {
    super('usage', message, facts);
  }
}

/** Rows of an earlier run are in doubt, and starting beside it could apply them twice. */
export class InDoubtError extends Bulk42Error {
  readonly exitCode = 21;
  constructor(message: string, facts: ErrorFacts) {
    super('in_doubt', message, facts);
  }
}

/** Too many rows were refused, the breaker opened too often, or a plan changes more than was allowed. */
export class LimitError extends Bulk42Error {
  readonly exitCode = 22;
  constructor(message: string, facts: ErrorFacts) {
    super('limit', message, facts);
  }
}

/** Another run of this application holds the lock. */
export class LockedError extends Bulk42Error {
  readonly exitCode = 23;
  constructor(message: string, facts: ErrorFacts) {
    super('locked', message, facts);
  }
}

/** The CSV file, a plan or a journal does not fit: malformed, invalid, or not the one the run began with. */
export class InputError extends Bulk42Error {
  readonly exitCode = 65;
  constructor(message: string, facts: ErrorFacts) {
    super('input', message, facts);
  }
}

/** A file is missing or cannot be read. */
export class FileError extends Bulk42Error {
  readonly exitCode = 66;
  constructor(message: string, facts: ErrorFacts) {
    super('file', message, facts);
  }
}

/** An invariant of the program itself is broken. */
export class BugError extends Bulk42Error {
  readonly exitCode = 70;
  constructor(message: string, facts: ErrorFacts) {
    super('bug', message, facts);
  }
}

/** The disk refused a write: full, failing or read-only. Nothing may be sent after it. */
export class DiskError extends Bulk42Error {
  readonly exitCode = 74;
  constructor(message: string, facts: ErrorFacts) {
    super('disk', message, facts);
  }
}

/** The network, the API or its limits are in the way for now; the same command works later. */
export class TemporaryError extends Bulk42Error {
  readonly exitCode = 75;
  constructor(message: string, facts: ErrorFacts) {
    super('temporary', message, facts);
  }
}

/** The API refuses this application: credentials, role, scope or certificate. */
export class RefusedError extends Bulk42Error {
  readonly exitCode = 77;
  constructor(message: string, facts: ErrorFacts) {
    super('refused', message, facts);
  }
}

/** The configuration is wrong: base URL, redirect, missing credentials, environment. */
export class ConfigurationError extends Bulk42Error {
  readonly exitCode = 78;
  constructor(message: string, facts: ErrorFacts) {
    super('configuration', message, facts);
  }
}

/** The program was ended (by a signal, or the end of a time window) while it waited. This is no failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
