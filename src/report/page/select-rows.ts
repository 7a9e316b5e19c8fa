import type {RowState, RowStates} from '../../journal/row-states.ts';
import type {Outcome} from '../../outcome.ts';
import type {ReportedInput, ReportedRow} from '../report-csv.ts';
import {attentionOutcomes, needsAttention, pageOrder} from './outcome-words.ts';

/** A run's rows, and which columns may be shown to whoever the page is forwarded to: those that name a row. */
export interface PageInput extends ReportedInput {
  job: {definition: {summary: string}};
  keyColumns: readonly {name: string; at: number; fallback: string}[];
}

export interface PageRow extends Pick<RowState, 'outcome' | 'status' | 'id' | 'code' | 'message'> {
  /** Line in the first file. */
  line: number;
  /** Cells of the key columns, in their order. */
  keys: string[];
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
const linesNamed = 8;
const messagesShown = 3;
/** Different messages of one cause that are counted; further ones are left to the table and to report.csv. */
const messagesCounted = 200;
const maxKeyLength = 200;

/**
 * Chooses what a page of a bounded size shows of a run of any length. All rows are offered, in the order of the file.
 * Every cause and every outcome gets its share, the rare ones first, so that three odd rows among a million are there.
 */
export class RowSelection {
  readonly #input: PageInput;
  readonly #states: RowStates;
  readonly #causes: Map<string, Cause>;
  readonly #groups: ReadonlyMap<string, Spread>;
  readonly #chosen = new Map<Outcome, PageRow[]>(pageOrder.map((outcome) => [outcome, []]));

  constructor(input: PageInput, states: RowStates) {
    this.#input = input;
    this.#states = states;
    this.#causes = causesOf(states);
    const causes = [...this.#causes];
    const attention = shareOut(new Map(causes.map(([key, {count}]) => [key, count])), maxAttentionRows);
    const room = maxRows - [...attention.values()].reduce((sum, quota) => sum + quota, 0);
    const calm = new Map<string, number>(
      pageOrder
        .filter((outcome) => !needsAttention(outcome))
        .map((outcome) => [outcome, states.counts[outcome]]),
    );
    this.#groups = new Map([
      ...causes.map(([key, {count}]) => [key, new Spread(count, attention.get(key) ?? 0)] as const),
      ...[...shareOut(calm, room)].map(
        ([outcome, quota]) => [outcome, new Spread(calm.get(outcome) ?? 0, quota)] as const,
      ),
    ]);
  }

  offer({line, origin, cells, state}: ReportedRow): void {
    const {outcome, status, id, message} = state;
    const isCalm = !needsAttention(outcome);
    const code = isCalm ? state.code : codeOf(state, this.#states, line);
    const key = isCalm ? outcome : causeKey(outcome, code);
    const cause = this.#causes.get(key);
    if (cause && cause.lines.length < linesNamed) cause.lines.push(origin);
    if (!this.#groups.get(key)?.next()) return;
    const keys = keyCells(this.#input, cells);
    this.#chosen.get(outcome)?.push({line: origin, outcome, status, id, code, message, keys});
  }

  chosen(): SelectedRows {
    return {
      causes: [...this.#causes.values()].sort(byUrgency),
      rows: pageOrder.flatMap((outcome) => this.#chosen.get(outcome) ?? []),
    };
  }
}

/** A row whose answer never came has no code of its own yet. */
function codeOf({code}: RowState, states: RowStates, line: number): string {
  return code || (states.doubts.get(line)?.why ?? '');
}

function causeKey(outcome: Outcome, code: string): string {
  return `${outcome} ${code}`;
}

function causesOf(states: RowStates): Map<string, Cause> {
  const causes = new Map<string, Cause & {seen: Map<string, number>}>();
  const add = (outcome: Outcome, code: string, count: number, message: string) => {
    const key = causeKey(outcome, code);
    const cause = causes.get(key) ?? {outcome, code, count: 0, lines: [], messages: [], seen: new Map()};
    causes.set(key, cause);
    cause.count += count;
    const {seen} = cause;
    if (message && (seen.has(message) || seen.size < messagesCounted))
      seen.set(message, (seen.get(message) ?? 0) + 1);
  };
  const worded = new Map<Outcome, number>();
  for (const {line, message} of states.words()) {
    const outcome = states.outcome(line);
    if (!needsAttention(outcome)) continue;
    worded.set(outcome, (worded.get(outcome) ?? 0) + 1);
    add(outcome, codeOf(states.row(line), states, line), 1, message);
  }
  for (const line of states.doubts.keys()) {
    const state = states.row(line);
    if (state.code) continue;
    worded.set('in_doubt', (worded.get('in_doubt') ?? 0) + 1);
    add('in_doubt', codeOf(state, states, line), 1, '');
  }
  for (const outcome of attentionOutcomes) {
    const silent = states.counts[outcome] - (worded.get(outcome) ?? 0);
    if (silent > 0) add(outcome, '', silent, '');
  }
  for (const cause of causes.values()) {
    cause.messages = [...cause.seen].sort(([, one], [, other]) => other - one).slice(0, messagesShown);
  }
  return causes;
}

function byUrgency(one: Cause, other: Cause): number {
  const order = pageOrder.indexOf(one.outcome) - pageOrder.indexOf(other.outcome);
  return order || other.count - one.count || (one.code < other.code ? -1 : 1);
}

/** How many of each group fit into `room`: all of the small ones, equal parts of the large ones. */
function shareOut(counts: ReadonlyMap<string, number>, room: number): Map<string, number> {
  const quotas = new Map<string, number>();
  let left = room;
  const ascending = [...counts].sort(([, one], [, other]) => one - other);
  for (const [at, [key, count]] of ascending.entries()) {
    const quota = Math.min(count, Math.floor(left / (ascending.length - at)));
    quotas.set(key, quota);
    left -= quota;
  }
  return quotas;
}

/** Takes `quota` of `count` things, evenly spread. */
class Spread {
  readonly #count: number;
  readonly #quota: number;
  #seen = 0;

  constructor(count: number, quota: number) {
    this.#count = count;
    this.#quota = quota;
  }

  next(): boolean {
    const before = Math.floor((this.#seen * this.#quota) / this.#count);
    this.#seen++;
    return Math.floor((this.#seen * this.#quota) / this.#count) > before;
  }
}

function keyCells({header, keyColumns}: PageInput, cells: readonly string[]): string[] {
  // With a cell too few or too many, what stands in a key's place may be another column's, a password even.
  if (cells.length !== header.length) return keyColumns.map(() => '');
  return keyColumns.map(({at, fallback}) => {
    const cell = cells[at]?.trim() || fallback;
    return cell.length > maxKeyLength
      ? `${cell.slice(0, maxKeyLength).replace(/[\ud800-\udbff]$/, '')}…`
      : cell;
  });
}
