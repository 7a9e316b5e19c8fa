import {createHash} from 'node:crypto';
import {isGroup} from '../job/columns/column.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {Decision} from './decide-row.ts';

const actions = ['create', 'update', 'remove', 'unchanged', 'invalid', 'failed'] as const;
export type Action = (typeof actions)[number];
/** What is done with a row, rows that were never fit to be sent included. */
export type Planned = Decision | {action: 'invalid'; code: string; message: string};
export type PlanCounts = Record<Action, number>;

/** Beside the action: a reading showed no record with the row's key. */
const knownAbsentBit = 128;

/**
 * What a run would do with every row. A million rows fit: per line one byte for the action and eight for the id of
 * an unchanged or removed record; words only where something is wrong, changed columns as shared lists.
 */
export class PlannedActions {
  readonly counts: PlanCounts = {create: 0, update: 0, remove: 0, unchanged: 0, invalid: 0, failed: 0};
  /** Requests that all of it takes. */
  writes = 0;
  #action = new Uint8Array(1024);
  /** As long as what it needs to hold: most runs create records, and know no ids beforehand. */
  #id = new Float64Array(0);
  #lines = 0;
  readonly #words = new Map<number, {code: string; message: string}>();
  readonly #columns = new Map<number, readonly string[]>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #nested = new Map<number, Values>();
  readonly #job: Job;

  constructor(job: Job) {
    this.#job = job;
  }

  record(line: number, decision: Planned): void {
    this.#grow(line + 1);
    this.#action[line] = actions.indexOf(decision.action) + 1;
    this.#lines = Math.max(this.#lines, line + 1);
    this.counts[decision.action]++;
    switch (decision.action) {
      case 'create':
        this.writes++;
        if (decision.knownAbsent) this.#action[line] |= knownAbsentBit;
        return;
      case 'remove':
        this.writes += decision.requests;
        this.#keepId(line, decision.id);
        return;
      case 'update':
        this.writes++;
        if (decision.columns) this.#columns.set(line, this.#shared(decision.columns));
        this.#keepNested(line, decision.values ?? {});
        return;
      case 'unchanged':
        if (decision.id !== undefined) this.#keepId(line, decision.id);
        return;
      case 'failed':
      case 'invalid':
        this.#words.set(line, {code: decision.code, message: decision.message});
        return;
    }
  }

  action(line: number): Action | undefined {
    return actions[((this.#action[line] ?? 0) & ~knownAbsentBit) - 1];
  }

  words(line: number): {code: string; message: string} {
    return this.#words.get(line) ?? {code: '', message: ''};
  }

  id(line: number): number | undefined {
    return this.#id[line] || undefined;
  }

  /** The only columns that an update needs to send; undefined for all. */
  columns(line: number): readonly string[] | undefined {
    return this.#columns.get(line);
  }

  /** Nested records of the row as they are to be sent, with the ids of those that exist. */
  nested(line: number): Values {
    return this.#nested.get(line) ?? {};
  }

  isKnownAbsent(line: number): boolean {
    return ((this.#action[line] ?? 0) & knownAbsentBit) !== 0;
  }

  /** Lines with one of these actions, in the order of the file. */
  *lines(...wanted: Action[]): Generator<number> {
    for (let line = 0; line < this.#lines; line++) {
      const action = this.action(line);
      if (action && wanted.includes(action)) yield line;
    }
  }

  /** SHA-256 over every row's action and the columns that it sends. */
  digest(): string {
    const hash = createHash('sha256');
    for (const line of this.lines(...actions)) {
      hash.update(`${line} ${this.action(line)} ${(this.columns(line) ?? []).join(' ')}\n`);
    }
    return hash.digest('hex');
  }

  /** Rows whose record would be another afterwards. */
  get changes(): number {
    return this.counts.create + this.counts.update + this.counts.remove;
  }

  #keepNested(line: number, values: Values): void {
    const groups = Object.entries(this.#job.definition.columns).filter(
      ([name, column]) => isGroup(column) && name in values,
    );
    if (groups.length > 0)
      this.#nested.set(line, Object.fromEntries(groups.map(([name]) => [name, values[name]])) as Values);
  }

  /** Most updates of a file change the same few columns: one list serves them all. */
  #shared(columns: readonly string[]): readonly string[] {
    const name = columns.join('\n');
    const shared = this.#lists.get(name) ?? columns;
    this.#lists.set(name, shared);
    return shared;
  }

  #grow(length: number): void {
    if (length <= this.#action.length) return;
    const size = Math.max(length, this.#action.length * 2);
    const action = new Uint8Array(size);
    action.set(this.#action);
    this.#action = action;
  }

  #keepId(line: number, id: number): void {
    if (line >= this.#id.length) {
      const longer = new Float64Array(this.#action.length);
      longer.set(this.#id);
      this.#id = longer;
    }
    this.#id[line] = id;
  }
}
