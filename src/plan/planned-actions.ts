import {createHash} from 'node:crypto';
import {isGroup} from '../job/columns/column.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {Decision} from './decide-row.ts';
import {removalRequests} from './removal-requests.ts';

const actions = ['create', 'update', 'remove', 'unchanged', 'invalid', 'failed'] as const;
export type Action = (typeof actions)[number];
/** What is done with a row, rows that were never fit to be sent included. */
export type Planned = Decision | {action: 'invalid'; code: string; message: string};
export type PlanCounts = Record<Action, number>;

/** Of an update, what sending it needs: not its values, which are read from the file again. */
interface PlannedUpdate {
  action: 'update';
  /** Of the record that the job's `update` changes. */
  id?: number;
  /** The only columns that are sent; absent: all of them. */
  columns?: readonly string[];
  /** Those of them that no reading shows. */
  unread?: readonly string[];
  /** Nested records of the row as they are to be sent, with the ids of those that exist. */
  nested: Values;
}

export type PlannedAction = Exclude<Planned, {action: 'update'}> | PlannedUpdate;

/** What a run would do with every row. */
export class PlannedActions {
  readonly counts: PlanCounts = {create: 0, update: 0, remove: 0, unchanged: 0, invalid: 0, failed: 0};
  /** Requests that all of it takes. */
  writes = 0;
  readonly #byLine: PlannedAction[] = [];
  readonly #job: Job;
  readonly #now: Date;

  constructor(job: Job, now: Date) {
    this.#job = job;
    this.#now = now;
  }

  /** `values`: of the row, for how many requests it takes to remove its record. */
  record(line: number, planned: Planned, values: Values): void {
    this.counts[planned.action]++;
    if (planned.action === 'create' || planned.action === 'update') this.writes++;
    if (planned.action === 'remove')
      this.writes += removalRequests(this.#job, planned.id, {...values, ...planned.record}, this.#now).length;
    this.#byLine[line] = planned.action === 'update' ? this.#withoutValues(planned) : planned;
  }

  get(line: number): PlannedAction | undefined {
    return this.#byLine[line];
  }

  /** The rows with this action, in the order of the file. */
  *withAction<A extends Action>(
    action: A,
  ): Generator<[line: number, planned: Extract<PlannedAction, {action: A}>]> {
    for (const [line, planned] of this.#byLine.entries()) {
      if (planned?.action === action) yield [line, planned as Extract<PlannedAction, {action: A}>];
    }
  }

  /** SHA-256 over every row's action and the columns that it sends. */
  digest(): string {
    const hash = createHash('sha256');
    for (const [line, planned] of this.#byLine.entries()) {
      if (!planned) continue;
      const columns = planned.action === 'update' ? (planned.columns ?? []) : [];
      hash.update(`${line} ${planned.action} ${columns.join(' ')}\n`);
    }
    return hash.digest('hex');
  }

  /** Rows whose record would be another afterwards. */
  get changes(): number {
    return this.counts.create + this.counts.update + this.counts.remove;
  }

  #withoutValues({id, columns, changes, values = {}}: Extract<Decision, {action: 'update'}>): PlannedUpdate {
    const shown = new Set(changes.map(({column}) => column));
    const unread = columns?.filter((column) => !shown.has(column)) ?? [];
    const groups = Object.entries(this.#job.definition.columns)
      .filter(([name, column]) => isGroup(column) && name in values)
      .map(([name]) => [name, values[name]]);
    return {
      action: 'update',
      ...(id !== undefined && {id}),
      ...(columns && {columns}),
      ...(unread.length > 0 && {unread}),
      nested: Object.fromEntries(groups) as Values,
    };
  }
}
