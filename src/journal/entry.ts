import type {appliedOutcomes, Counts, WriteAction} from '../outcome.ts';

/**
 * What a journal holds: one JSON object a line. `r` is the row (the line of the run's CSV file on which it
 * starts), `a` the attempt, `st` an HTTP status. Rows are never copied here: no cell, no body, no token.
 */
export type Entry =
  | HeaderEntry
  /**
   * A process takes the run: with the settle time in force, the key of its hashes, and the time since which boot of the
   * machine; with the fencing number of its lease, where machines share, and with the bytes of a torn end that it has
   * cut off. Earlier versions noted fewer of them.
   */
  | {
      k: 'open';
      pid: number;
      settleMs?: number;
      keyId?: string;
      at?: {boot: string; up: number};
      fence?: number;
      cut?: number;
    }
  /** The API takes longer than it was thought to: so long it may still apply what it received. */
  | {k: 'settle'; ms: number}
  /** The row breaks a rule of the job; it will never be sent. */
  | {k: 'invalid'; r: number; code: string; msg: string}
  /** A reading showed the record as the row wants it; nothing is sent. */
  | {k: 'unchanged'; r: number; id?: number; code?: string}
  /**
   * About to send. Durable before the first byte leaves. `fresh`: a complete reading showed no record with its key.
   * `key` and `row` are keyed hashes: of what names the row's target, and of all that the row holds.
   */
  | ({k: 'intent'; r: number; a: number; q: string; key?: string; row?: string; fresh?: true} & SentFacts)
  /** Proven: no byte of the attempt was sent. */
  | {k: 'unsent'; r: number; a: number; why: string}
  /** Applied, and the row has further requests to send; a resume begins again with the first, which does no harm. */
  | {k: 'step'; r: number; a: number; st: number}
  /** Proven: the API answered without applying it, and asked to come again. */
  | {k: 'refused'; r: number; a: number; st: number}
  /** Sent, and it is not known whether it was applied. `why` is a short code. */
  | {k: 'doubt'; r: number; a: number; why: string; st?: number; msg?: string}
  /** A reading of a row in doubt: the first at once, the second after the settling time. */
  | {k: 'check'; r: number; a: number; n: 1 | 2; res: 'found' | 'exists' | 'absent' | 'ambiguous' | 'error'}
  /** It may be sent again: two readings showed nothing, the second after the settling time, or sending it twice does no harm. */
  | {k: 'not_applied'; r: number; a: number}
  | DoneEntry
  /** What was read because no answer held it: the record's id, and the answer fields of its job. */
  | {k: 'named'; r: number; id: number; f?: AnswerFields}
  /** Requests that were not writes (look-ups, tokens, probes) since the last such entry; `x` of them refused. */
  | {k: 'spent'; n: number; x: number}
  /** The API's limits as far as known by then: noted when a process takes the run and when it leaves it. */
  | {k: 'limits'; perSecond: number; perHour: number}
  | {k: 'pause'; why: string; ms: number}
  /** The process ended in an orderly way, with rows left or by a signal, for the reason given. */
  | {k: 'stop'; why: string; code: number; n: Counts}
  /** The process came to its end; rows may be in doubt that only a person can settle. */
  | {k: 'complete'; code: number; n: Counts};

export interface HeaderEntry {
  k: 'header';
  v: 1;
  run: string;
  tool: string;
  job: string;
  /** SHA-256 of the definition, so that a changed job is noticed. */
  jobHash: string;
  /** Where the definition lies, when it is the user's own. */
  jobFile?: string;
  /**
   * The file that was given: `path` is absolute, or `-` for standard input, which is kept as `input.csv` in the run's
   * folder. Of a workbook its sheet is kept there as CSV, with the SHA-256 of this copy.
   */
  input: {path: string; sha256: string; bytes: number; rows: number; copySha256?: string};
  baseUrl: string;
  /** Who began it, on which machine. */
  who?: {user: string; host: string};
  /** First 8 hex digits of the SHA-256 of the application's uid. */
  client: string;
  /** Options that decide which rows there are and what they hold. */
  shape: RowShapingOptions;
  /** The run whose created records this run removes; its rows are rows of that run's file. */
  undoOf?: string;
  /** What happens to records that exist; `remove`: the rows name the records that go. */
  existing: 'skip' | 'fail' | 'send' | 'update' | 'remove';
  onInvalid: 'abort' | 'skip';
  /**
   * For a retry: the run whose retry log this is (a copy of it is this run's `input.csv`), and the first file of the
   * chain, from which secret columns are joined back, with the options that it was read with.
   */
  parent?: {
    run: string;
    firstFile: {
      path: string;
      sha256: string;
      delimiter?: string;
      encoding?: string;
      columns?: string[];
      each?: Record<string, string[]>;
      sheet?: string;
      /** The file whose folder holds the files that rows name, where that is another one. */
      filesBeside?: string;
    };
  };
}

export interface RowShapingOptions {
  map: Record<string, string>;
  set: Record<string, string>;
  timezone: string;
  ignoreUnknown: boolean;
  /** Of dates such as 05/06/2026, in all columns: what `--date-order` says. */
  dateOrder?: 'dmy' | 'mdy';
  /** The order in columns whose dates show it. */
  dateOrders?: Record<string, 'dmy' | 'mdy'>;
  delimiter?: string;
  encoding?: string;
  lines?: string;
  limit?: number;
  /** The header of a file that has none. */
  columns?: string[];
  /** Column to the values that each row of the file stood for: the run's own copy has a row for each. */
  each?: Record<string, string[]>;
  /** The sheet of a workbook, whose lines are its rows. */
  sheet?: string;
}

/** Fields of the API's answer that the job names for the report: the login of a new account. */
export type AnswerFields = Readonly<Record<string, string>>;
/**
 * What was known when a row was sent. With the row of the file it makes the same request again: a row in doubt is judged by
 * what was sent, and not by what the API shows of its logins today.
 */
export interface SentFacts {
  /** Of the record that is updated or removed, where the row does not name it itself. */
  id?: number;
  /** Ids that the row does not hold itself, by column: for logins, and for columns that the job looks up. */
  ids?: Readonly<Record<string, number>>;
  /** The columns that were sent, where not all of them were; `unread`: those that no reading had shown before. */
  cols?: readonly string[];
  unread?: readonly string[];
  /** Ids of nested records that existed: of `user_candidature`, of `cursus_users.0`. */
  nested?: Readonly<Record<string, number>>;
  /** The highest id of the job's records by then: one with a higher id was created later. */
  top?: number;
  /** A keyed hash of the request. */
  body?: string;
}

interface DoneEntry {
  k: 'done';
  r: number;
  a?: number;
  o: (typeof appliedOutcomes)[WriteAction] | 'failed';
  st?: number;
  id?: number;
  f?: AnswerFields;
  via?: 'answer' | 'readback' | 'person';
  code?: string;
  msg?: string;
}

/**
 * What the journal adds to every entry: its gap-free sequence number, the sequence number of the first entry that
 * went out in the same flush, and the time (UTC in ms). `b` distinguishes a torn last flush from a damaged older one.
 */
interface Stamp {
  s: number;
  b: number;
  t: number;
}

export type StampedEntry = Entry & Stamp;
