import {type CsvInput, openInput} from '../csv/open-input.ts';
import {InputError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {matchHeader, type RowShape} from '../job/match-header.ts';
import {parseRow} from '../job/parse-row.ts';
import type {Issue, ParseContext, ParsedRow} from '../job/row.ts';
import type {RowShapingOptions} from '../journal/entry.ts';
import {type LineSelection, selectLines} from './select-lines.ts';
import {zoneResolver} from './time-zone.ts';

/** One selected row of the file, read by the job. */
export interface InputRow {
  line: number;
  /** The line in the first file of a chain of retries; the same as `line` in a first run. */
  origin: number;
  cells: readonly string[];
  parsed: ParsedRow;
}

/** A problem in the header: it concerns the file as a whole. */
export interface HeaderProblem extends Issue {
  line: number;
}

/** Cells that are joined to a retry log from the first file: secret columns, which no output holds. */
export interface JoinedColumns {
  header: readonly string[];
  /** Undefined where the first file has no row on this line. */
  cellsOf(origin: number): readonly string[] | undefined;
}

/** A CSV file as rows of a job. Each call of `rows` is one pass over the same open file. */
export class InputRows {
  readonly job: Job;
  readonly csv: CsvInput;
  readonly headerProblems: HeaderProblem[];
  readonly #shape: RowShape | undefined;
  readonly #context: ParseContext;
  readonly #selection: LineSelection;
  readonly #limit: number;
  readonly #origin: number;
  readonly #joined: JoinedColumns | undefined;

  private constructor(
    job: Job,
    csv: CsvInput,
    options: RowShapingOptions,
    context: ParseContext,
    joined: JoinedColumns | undefined,
  ) {
    this.job = job;
    this.csv = csv;
    this.#context = context;
    this.#joined = joined;
    this.#selection = selectLines(options.lines);
    this.#limit = options.limit ?? Infinity;
    this.#origin = joined ? csv.header.indexOf('bulk42_line') : -1;
    const header = [...csv.header, ...(joined?.header ?? [])];
    const {map, set, ignoreUnknown} = options;
    const matched = matchHeader(job, header, {map, set, ignoreUnknown});
    this.#shape = 'shape' in matched ? matched.shape : undefined;
    const problems = 'problems' in matched ? matched.problems : [];
    this.headerProblems = problems.map((problem) => ({line: csv.headerLine, ...problem}));
    if (joined && joined.header.length > 0 && this.#origin < 0) this.headerProblems.push(withoutOrigin(csv));
  }

  static async open(
    path: string,
    job: Job,
    options: RowShapingOptions,
    given: {now: Date; joined?: JoinedColumns | undefined},
  ): Promise<InputRows> {
    const zone = await zoneResolver(options.timezone);
    const {delimiter, encoding} = options;
    const csv = await openInput(path, {
      ...(delimiter !== undefined && {delimiter}),
      ...(encoding !== undefined && {encoding}),
    });
    try {
      return new InputRows(job, csv, options, {now: given.now, ...(zone && {zone})}, given.joined);
    } catch (error) {
      await csv.close();
      throw error;
    }
  }

  /** The header as it was written, joined columns left out: what reports repeat. */
  get header(): readonly string[] {
    return this.csv.header;
  }

  /** Positions of the header whose cells no output may hold. */
  get secretColumns(): ReadonlySet<number> {
    const slots = [
      ...(this.#shape?.slots ?? []),
      ...(this.#shape?.groups ?? []).flatMap(({elements}) => elements.flat()),
    ];
    return new Set(slots.filter(({column, at}) => column.traits.secret && at >= 0).map(({at}) => at));
  }

  /** The columns that name a row's target, as far as the file or `--set` gives them. Never a secret one. */
  get keyColumns(): {name: string; at: number; fallback: string}[] {
    const keys = new Set(this.job.definition.keys.flat());
    return (this.#shape?.slots ?? [])
      .filter(
        ({name, column, at, fallback}) =>
          keys.has(name) && !column.traits.secret && (at >= 0 || fallback !== ''),
      )
      .map(({name, at, fallback}) => ({name, at, fallback}));
  }

  async *rows(): AsyncGenerator<readonly InputRow[]> {
    if (!this.#shape) throw new InputError('the header does not fit the job', {code: 'header'});
    let taken = 0;
    for await (const batch of this.csv.rows()) {
      const rows: InputRow[] = [];
      for (const {line, cells, problem} of batch) {
        if (!this.#selection.has(line)) continue;
        if (taken === this.#limit) break;
        taken++;
        // Counted from the end: a row with a cell too few or too many has its bookkeeping there all the same.
        const named = this.#origin < 0 ? line : Number(cells.at(this.#origin - this.csv.header.length));
        const origin = named || line;
        const joined = this.#joined ? this.#joined.cellsOf(named) : [];
        const parsed = problem
          ? {issues: [{column: '', value: '', ...problem}]}
          : joined
            ? parseRow(this.#shape, [...cells, ...joined], this.#context)
            : {issues: [unknownOrigin(named)]};
        rows.push({line, origin, cells, parsed});
      }
      if (rows.length > 0) yield rows;
      if (taken === this.#limit || this.#selection.isOver(batch.at(-1)?.line ?? 0)) return;
    }
  }

  close(): Promise<void> {
    return this.csv.close();
  }
}

/** Without it the password of one row would be sent for another. */
function withoutOrigin({headerLine}: CsvInput): HeaderProblem {
  return {
    line: headerLine,
    column: 'bulk42_line',
    value: '',
    code: 'missing_column',
    message: 'needed to find the secret cells of each row in the first file',
    hint: 'put the column back as it was in retry.csv',
  };
}

function unknownOrigin(origin: number): Issue {
  return {
    column: 'bulk42_line',
    value: String(origin),
    code: 'unknown_line',
    message: 'names no row of the first file, which holds the secret cells',
    hint: 'put the number back as it was in retry.csv',
  };
}
