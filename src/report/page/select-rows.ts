import type {RowState, RowStates} from '../../journal/row-states.ts';
import {attentionOutcomes, type Outcome} from '../../outcome.ts';
import {allotRoom, evenSample} from '../../page/sample.ts';
import {reportedColumns} from '../outcome-columns.ts';
import type {ReportedInput, ReportedRow} from '../report-csv.ts';
import {needsAttention, pageOrder} from './outcome-words.ts';

/** A run's rows, and the columns that the page shows, which is forwarded: those that name a row. */
export interface PageInput extends ReportedInput {
  job: {definition: {summary: string}};
  keyColumns: readonly {name: string; at: number; fallback: string}[];
  /** All columns that are read, by the job's names, which messages use. */
  readColumns: readonly {name: string; at: number}[];
}

export interface PageRow extends Pick<RowState, 'outcome' | 'status' | 'id' | 'code' | 'message'> {
  /** Line in the first file. */
  line: number;
  /** Cells of the key columns, in their order. */
  keys: string[];
  /** The row's other cells that are not empty: what the page shows when it is asked to. */
  cells: {header: string; cell: string; isWrong: boolean}[];
}

/** Rows of one outcome with one code. */
export interface Cause {
  outcome: Outcome;
  code: string;
  count: number;
  /** The first few, lines of the first file. */
  lines: number[];
  /** The most frequent messages, with how many rows have each. */
  messages: [message: string, count: number][];
}

export interface SelectedRows {
  /** Rows that need attention, by cause; in the order in which the page shows them. */
  causes: Cause[];
  /** In the order of the page: by outcome, then by line. */
  rows: PageRow[];
}

const maxAttentionRows = 2000;
const maxRows = 3000;
const maxLines = 8;
const maxMessages = 3;
/** Different messages of one cause that are counted; further ones are left to the table and to report.csv. */
const maxCountedMessages = 200;
const maxCellLength = 200;

/**
 * Chooses what a page of a bounded size shows of a run of any length. All rows are offered, in the order of the file.
 * Every cause and every outcome gets its share, the rare ones first, so that three odd rows among a million are there.
 */
export class RowSelection {
  readonly #input: PageInput;
  readonly #states: RowStates;
  readonly #causes: Map<string, Cause>;
  /** By cause where rows need attention, by outcome elsewhere. */
  readonly #samples: ReadonlyMap<string, () => boolean>;
  readonly #chosen = new Map<Outcome, PageRow[]>(pageOrder.map((outcome) => [outcome, []]));

  constructor(input: PageInput, states: RowStates) {
    this.#input = input;
    this.#states = states;
    this.#causes = causesOf(states);
    const others = pageOrder.filter((outcome) => !needsAttention(outcome));
    const attentionSizes = new Map([...this.#causes].map(([key, {count}]) => [key, count]));
    const otherSizes = new Map<string, number>(others.map((outcome) => [outcome, states.counts[outcome]]));
    const attention = allotRoom(attentionSizes, maxAttentionRows);
    const taken = [...attention.values()].reduce((sum, quota) => sum + quota, 0);
    const quotas = [...attention, ...allotRoom(otherSizes, maxRows - taken)];
    const sizes = new Map([...attentionSizes, ...otherSizes]);
    this.#samples = new Map(quotas.map(([key, quota]) => [key, evenSample(sizes.get(key) ?? 0, quota)]));
  }

  offer({line, origin, cells, state}: ReportedRow): void {
    const {outcome, status, id, message} = state;
    const isInTrouble = needsAttention(outcome);
    const code = isInTrouble ? codeOf(state, this.#states, line) : state.code;
    const key = isInTrouble ? causeKey(outcome, code) : outcome;
    const cause = this.#causes.get(key);
    if (cause && cause.lines.length < maxLines) cause.lines.push(origin);
    if (!this.#samples.get(key)?.()) return;
    const shown = {keys: keyCells(this.#input, cells), cells: otherCells(this.#input, cells, message)};
    this.#chosen.get(outcome)?.push({line: origin, outcome, status, id, code, message, ...shown});
  }

  chosen(): SelectedRows {
    return {
      causes: [...this.#causes.values()].sort(byUrgency),
      rows: pageOrder.flatMap((outcome) => this.#chosen.get(outcome) ?? []),
    };
  }
}

/** A row whose response never came has no code of its own yet. */
function codeOf({code}: RowState, states: RowStates, line: number): string {
  return code || (states.doubts.get(line)?.why ?? '');
}

function causeKey(outcome: Outcome, code: string): string {
  return `${outcome} ${code}`;
}

function causesOf(states: RowStates): Map<string, Cause> {
  const causes = new Map<string, Cause & {timesOf: Map<string, number>}>();
  for (const [line, row] of states.rowsWith(attentionOutcomes)) {
    const {outcome, message} = row;
    const code = codeOf(row, states, line);
    const key = causeKey(outcome, code);
    const cause = causes.get(key) ?? {outcome, code, count: 0, lines: [], messages: [], timesOf: new Map()};
    causes.set(key, cause);
    cause.count++;
    const {timesOf} = cause;
    if (message && (timesOf.has(message) || timesOf.size < maxCountedMessages))
      timesOf.set(message, (timesOf.get(message) ?? 0) + 1);
  }
  for (const cause of causes.values()) {
    cause.messages = [...cause.timesOf].sort(([, one], [, other]) => other - one).slice(0, maxMessages);
  }
  return causes;
}

function byUrgency(one: Cause, other: Cause): number {
  const order = pageOrder.indexOf(one.outcome) - pageOrder.indexOf(other.outcome);
  return order || other.count - one.count || (one.code < other.code ? -1 : 1);
}

function keyCells({header, keyColumns}: PageInput, cells: readonly string[]): string[] {
  // With a cell too few or too many, what stands in a key's place may be another column's, a password even.
  if (cells.length !== header.length) return keyColumns.map(() => '');
  return keyColumns.map(({at, fallback}) => shorten(cells[at]?.trim() || fallback));
}

/** A cell is wrong where the message names its column. */
function otherCells(
  {header, secretColumns, keyColumns, readColumns}: PageInput,
  cells: readonly string[],
  message: string,
): PageRow['cells'] {
  if (cells.length !== header.length) return [];
  const named = new Set(message.match(/[\w.]+/g));
  const wrong = new Set(readColumns.filter(({name}) => named.has(name)).map(({at}) => at));
  const keys = new Set(keyColumns.map(({at}) => at));
  return reportedColumns(header, secretColumns)
    .filter((at) => !keys.has(at) && (cells[at]?.trim() || wrong.has(at)))
    .map((at) => ({
      header: header[at] ?? '',
      cell: shorten(cells[at]?.trim() ?? ''),
      isWrong: wrong.has(at),
    }));
}

function shorten(cell: string): string {
  if (cell.length <= maxCellLength) return cell;
  return `${cell.slice(0, maxCellLength).replace(/[\ud800-\udbff]$/, '')}…`;
}
