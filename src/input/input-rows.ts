import type {CsvRow} from '../csv/csv-row.ts';
import {CsvInput} from '../csv/csv-input.ts';
import {type CsvDialect, withoutGuard} from '../csv/write-rows.ts';
import type {Job} from '../job/job.ts';
import {nameColumns} from '../job/header/name-columns.ts';
import {exampleCell} from '../job/build-template.ts';
import {matchHeader} from '../job/header/match-header.ts';
import type {RowShape, Slot} from '../job/header/row-shape.ts';
import {parseKey, parseRow} from '../job/parse-row.ts';
import type {Issue, ParseContext, ParsedRow, Values} from '../job/row.ts';
import type {RowShapingOptions} from '../journal/entry.ts';
import {DateOrders} from './date-orders.ts';
import {addedColumn, unknownOrigin, withoutOrigin} from './retry-log-problems.ts';
import {type LineSelection, selectLines} from './select-lines.ts';
import {zoneResolver} from './time-zone.ts';

/** One selected row as the file has it. */
export interface InputLine {
  line: number;
  /** The line in the first file of a chain of retries; the same as `line` in a first run. */
  origin: number;
  cells: readonly string[];
}

/** One selected row of the file, read by the job. */
export interface InputRow extends InputLine {
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

/** A file with one of these is a `report.csv`: its cells carry the guard against formulas. */
const reportColumns: ReadonlySet<string> = new Set([
  'bulk42_status',
  'bulk42_id',
  'bulk42_attempts',
  'bulk42_via',
]);

/** A CSV file as rows of a job. Each call of `rows` is one pass over the same open file. */
export class InputRows {
  readonly job: Job;
  readonly csv: CsvInput;
  readonly headerProblems: HeaderProblem[];
  readonly #shape: RowShape | undefined;
  readonly #options: RowShapingOptions;
  readonly #dateOrders: DateOrders;
  #context: ParseContext;
  readonly #nameColumns: readonly number[];
  readonly #selection: LineSelection;
  readonly #limit: number;
  readonly #origin: number;
  readonly #joined: JoinedColumns | undefined;
  readonly #isReport: boolean;
  #isPending: (line: number) => boolean = () => true;
  readonly #givenLines: number[] = [];

  private constructor(
    job: Job,
    csv: CsvInput,
    options: RowShapingOptions,
    context: ParseContext,
    joined: JoinedColumns | undefined,
  ) {
    this.job = job;
    this.csv = csv;
    this.#options = options;
    this.#dateOrders = new DateOrders(options);
    this.#context = {...context, dateOrder: (column) => this.#dateOrders.of(column)};
    this.#joined = joined;
    const names = csv.header.map((name) => name.trim().toLowerCase());
    this.#isReport = names.some((name) => reportColumns.has(name));
    this.#selection = selectLines(options.lines);
    this.#limit = options.limit ?? Infinity;
    this.#origin = joined || options.each ? names.lastIndexOf('bulk42_line') : -1;
    this.#nameColumns = nameColumns(csv.header);
    const header = [...csv.header, ...(joined?.header ?? [])];
    const {map, set, ignoreUnknown} = options;
    const matched = matchHeader(job, header, {map, set, ignoreUnknown});
    this.#shape = 'shape' in matched ? matched.shape : undefined;
    const problems = 'problems' in matched ? matched.problems : [];
    this.headerProblems = problems.map((problem) => ({
      line: csv.headerLine,
      ...problem,
      ...(joined && problem.code === 'unknown_column' && {hint: addedColumn}),
    }));
    if (joined && this.#origin < 0) this.headerProblems.push({line: csv.headerLine, ...withoutOrigin});
  }

  static async open(
    path: string,
    job: Job,
    options: RowShapingOptions,
    given: {now: Date; title?: string | undefined; joined?: JoinedColumns | undefined},
  ): Promise<InputRows> {
    const zone = await zoneResolver(options.timezone);
    const {delimiter, encoding, columns, sheet} = options;
    const csv = await CsvInput.open(path, {
      title: given.title,
      ...(delimiter !== undefined && {delimiter}),
      ...(encoding !== undefined && {encoding}),
      ...(columns && {columns}),
      isSheet: sheet !== undefined,
    });
    try {
      return new InputRows(job, csv, options, {now: given.now, ...(zone && {zone})}, given.joined);
    } catch (error) {
      await csv.close();
      throw error;
    }
  }

  /** The options that shape the rows, with what the file itself says of its dates: what a run keeps. */
  get options(): RowShapingOptions {
    return {...this.#options, ...this.#dateOrders.found};
  }

  /** A date was met whose order is not known, and the file was not searched for one that shows it. */
  get needsDateOrders(): boolean {
    return this.#dateOrders.areMissing;
  }

  /** One pass over the whole file. What was read before is to be read again. */
  async findDateOrders(): Promise<void> {
    const dates = slotsOf(this.#shape).filter(({column, at}) => column.kind.isDate && at >= 0);
    await this.#dateOrders.find(this.csv.rows(), dates);
    this.#context = {...this.#context};
  }

  /** What was found under another name than its own: "user_id from Identifiant". */
  get aliased(): readonly string[] {
    return (this.#shape?.aliased ?? []).map(({column, header}) => `${column} from ${header}`);
  }

  /** The header as it was written, joined columns left out: what reports repeat. */
  get header(): readonly string[] {
    return this.csv.header;
  }

  /** Fields of the API's answers that the job names for the report. */
  get answerFields(): readonly string[] {
    return this.job.definition.response?.fields ?? [];
  }

  /** Positions of the header whose cells no output may hold. */
  get secretColumns(): ReadonlySet<number> {
    const read = slotsOf(this.#shape).filter(({column, at}) => column.traits.secret && at >= 0);
    const ignored = (this.#shape?.ignored ?? []).filter(({leaf}) => leaf.column.traits.secret);
    return new Set([...read, ...ignored].map(({at}) => at));
  }

  /** Headers that `--ignore-unknown` leaves out. */
  get unknownColumns(): readonly string[] {
    return this.#shape?.unknown ?? [];
  }

  /** Headers of columns that the job knows and that are not read. */
  get ignoredColumns(): string[] {
    return (this.#shape?.ignored ?? []).map(({header}) => header);
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

  /** The columns that are read, with their positions in the header. */
  get readColumns(): {name: string; at: number}[] {
    return slotsOf(this.#shape).filter(({at}) => at >= 0);
  }

  /** The values of the template's example row, as a row of this file would have them. */
  parseExample(): Values | undefined {
    if (!this.#shape) return undefined;
    const examples = new Map(this.job.columns.map((leaf) => [leaf.name, exampleCell(leaf)]));
    const cells: string[] = [];
    for (const {name, at} of slotsOf(this.#shape)) {
      if (at >= 0) cells[at] = examples.get(name.replace(/\.\d+\./, '.N.')) ?? '';
    }
    const parsed = parseRow(this.#shape, cells, this.#context);
    return 'values' in parsed ? parsed.values : undefined;
  }

  /** The rows read by the job, without those that `isWanted` leaves out. */
  async *rows(isWanted: (line: number) => boolean = () => true): AsyncGenerator<readonly InputRow[]> {
    const shape = this.#shape;
    if (!shape) throw new Error('rows are read although the header does not fit the job');
    for await (const batch of this.#selected()) {
      const rows = batch.filter(({line}) => isWanted(line)).map((row) => this.#read(row, shape));
      if (rows.length > 0) yield rows;
    }
  }

  /** For the rest of a run: `pendingRows` leaves out rows that are settled. */
  keepPending(isPending: (line: number) => boolean): void {
    this.#isPending = isPending;
  }

  /** The rows that are not settled, without those that `isWanted` leaves out. */
  pendingRows(isWanted: (line: number) => boolean = () => true): AsyncGenerator<readonly InputRow[]> {
    return this.rows((line) => this.#isPending(line) && isWanted(line));
  }

  /** The rows as they stand in the file, for reports. */
  async *lines(): AsyncGenerator<readonly InputLine[]> {
    for await (const batch of this.#selected()) {
      yield batch.map((row) => ({...row, origin: this.namedLine(row) || row.line}));
    }
  }

  async *#selected(): AsyncGenerator<readonly CsvRow[]> {
    let left = this.#limit;
    for await (const batch of this.csv.rows()) {
      const selected = batch
        .filter(({line}) => this.#selection.has(line))
        .slice(0, left)
        .map((row) => (this.#isReport ? {...row, cells: row.cells.map(withoutGuard)} : row));
      left -= selected.length;
      if (selected.length > 0) yield selected;
      const isOver = left === 0 || this.#selection.isOver(batch.at(-1)?.line ?? 0);
      if (isOver && this.csv.wasReadToEnd) return;
    }
  }

  #read(row: CsvRow, shape: RowShape): InputRow {
    const {line, cells} = row;
    const named = this.namedLine(row);
    if (this.#options.each) this.#givenLines[line] = named;
    return {line, origin: named || line, cells, parsed: this.#parse(row, named, shape)};
  }

  #parse({cells, problem}: CsvRow, named: number, shape: RowShape): ParsedRow {
    if (problem) return {issues: [{column: '', value: '', ...problem}]};
    if (!this.#joined) return parseRow(shape, cells, this.#context);
    const joined = this.#joined.cellsOf(named);
    if (!joined) return {issues: [unknownOrigin(named)]};
    return parseRow(shape, [...cells, ...joined], this.#context);
  }

  /**
   * The line of the first file that a row of a retry log names; NaN where it names none. Counted from the end: a row
   * with a cell too few or too many has its bookkeeping there all the same.
   */
  namedLine({line, cells}: CsvRow): number {
    if (this.#origin < 0) return line;
    const cell = cells.at(this.#origin - this.csv.header.length) ?? '';
    return /^\s*\d+\s*$/.test(cell) ? Number(cell) : NaN;
  }

  /** The line of a row in the file that was given, which messages name. With `--each` the rows come from a copy of it. */
  givenLine(line: number): number {
    return this.#givenLines[line] ?? line;
  }

  /** First and last name, as far as the file has them: they say who is meant better than a line does. */
  personOf({cells}: InputLine): string {
    return this.#nameColumns
      .map((at) => cells[at]?.trim() ?? '')
      .join(' ')
      .trim();
  }

  /** The natural key of a row, whatever else is wrong with it. */
  keyOf({cells}: CsvRow): string {
    return this.#shape ? parseKey(this.#shape, cells, this.#context) : '';
  }

  dialect(): Promise<CsvDialect> {
    return this.csv.dialect();
  }

  close(): Promise<void> {
    return this.csv.close();
  }
}

function slotsOf(shape: RowShape | undefined): Slot[] {
  return shape ? [...shape.slots, ...shape.groups.flatMap(({elements}) => elements.flat())] : [];
}
