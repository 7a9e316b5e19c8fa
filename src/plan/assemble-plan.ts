import {lookUpUsers} from '../api/look-up.ts';
import type {Reader} from '../api/reader.ts';
import {RefusedError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {keyColumns, keyOf} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';
import {withIds, withNotedIds} from '../job/row-users.ts';
import type {RowChecker} from '../input/check-input.ts';
import {AwardCounter} from './award-sum.ts';
import {type Decision, type Existing, recordsOf} from './decide-row.ts';
import {type DecidedRow, decideRows, type RecentKnowledge} from './decide-rows.ts';
import type {InputRow, InputRows} from '../input/input-rows.ts';
import {KeyIndex} from '../input/key-index.ts';
import {describeRow, type PlannedRow} from './describe-row.ts';
import {lookUpIds} from './look-up-ids.ts';
import {type Action, type Planned, PlannedActions} from './planned-actions.ts';
import {type KnownItems, type ReadBackResult, readsUsersById} from './read-records.ts';

/** Rows are looked up in windows of so many, so that a page of 100 is full whatever the rows have in common. */
const windowRows = 1000;

type OnRow = (action: Action, describe: () => PlannedRow) => void;

export interface PlanRequest {
  input: InputRows;
  checker: RowChecker;
  reader: Reader;
  existing: Existing;
  /** Logins that the rows name. */
  logins: readonly string[];
  /** For the rest of a run: rows that are not settled yet. The others need no plan. */
  isPending?: ((line: number) => boolean) | undefined;
  /** For an undo: the ids of the records that go, by line. What exists is not read for it. */
  removals?: ReadonlyMap<number, number> | undefined;
  now: Date;
  /** Rows that are still as an earlier run left them are left alone without being looked up. */
  isSame?: ((values: Values) => Promise<boolean>) | undefined;
  /** Of rows that an earlier process of the run has sent: the ids that they were sent with, by column. */
  notedIds?: ((line: number) => Readonly<Record<string, number>> | undefined) | undefined;
  /** What the application wrote so shortly ago that a reading may not show it. */
  recent?: RecentKnowledge | undefined;
  /** Called with every row's plan, in the order of the file. */
  onRow?: OnRow | undefined;
  onProgress?(rows: number): void;
}

export interface Plan {
  actions: PlannedActions;
  /** Every login of the file that the API knows. */
  ids: ReadonlyMap<string, number>;
  /** Ids that rows leave out and the API knows by their other columns, under the job's looked-up column, by line. */
  lookedUp: Map<number, Values>;
  /** Of an additive job: what the rows to be sent give and take. */
  awards: AwardCounter;
  /** Readings that this application may not make: updates are then sent without comparing. */
  unreadable: boolean;
}

/**
 * Works out what a run would do, by reading only: logins to ids, what exists, and the comparison of each row with
 * it. `plan` and `run` both come through here, so what was shown is what is sent.
 */
export async function assemblePlan(request: PlanRequest): Promise<Plan> {
  const {input, reader, logins} = request;
  const known = new Map<unknown, unknown>();
  const isWorthKeeping = input.job.definition.readBack.some(readsUsersById);
  const ids = await lookUpUsers(reader, logins, (id, user) => {
    if (isWorthKeeping) known.set(id, user);
  });
  const plan: Plan = {
    actions: new PlannedActions(input.job, request.now),
    ids,
    lookedUp: new Map(),
    awards: new AwardCounter(),
    unreadable: false,
  };
  // Without logins nothing becomes alike that was not alike in the file.
  const targets = logins.length > 0 ? new KeyIndex() : undefined;
  let window: InputRow[] = [];
  for await (const batch of input.pendingRows(request.isPending)) {
    for (const row of batch) {
      window.push(row);
      if (window.length === windowRows) {
        await planWindow(window, request, plan, targets, known);
        window = [];
      }
    }
  }
  await planWindow(window, request, plan, targets, known);
  return plan;
}

async function planWindow(
  window: readonly InputRow[],
  request: PlanRequest,
  plan: Plan,
  targets: KeyIndex | undefined,
  known: KnownItems,
): Promise<void> {
  const {input, reader, existing, checker} = request;
  const {job} = input;
  const steps: Step[] = [];
  const removed: {line: number; values: Values}[] = [];
  for (const row of window) {
    const id = request.removals?.get(row.line);
    if (id !== undefined) {
      const bound = withIds(job, 'values' in row.parsed ? row.parsed.values : {}, plan.ids);
      if ('values' in bound) removed.push({line: row.line, values: bound.values});
      steps.push({row, decision: {action: 'remove', id}});
      continue;
    }
    const checked = await checker.check(row);
    if ('issues' in checked) {
      const [issue] = checked.issues;
      steps.push({
        row,
        decision: {action: 'invalid', code: issue?.code ?? '', message: issueText(checked.issues)},
      });
      continue;
    }
    if (await request.isSame?.(checked.values)) {
      steps.push({row, decision: {action: 'unchanged'}});
      continue;
    }
    steps.push({row, ...bind(row, checked.values, request, plan, targets)});
  }

  // For reading a removal in doubt back.
  for (const [line, values] of await lookUpIds(reader, job, removed)) plan.lookedUp.set(line, values);
  await lookUpMissing(reader, job, steps, plan);
  const pending = steps.filter((step) => step.decision === undefined);
  const values = pending.map((step) => step.values as Values);
  const decided = await decideRows(job, values, reader, existing, request.recent, known);
  for (const [at, step] of pending.entries()) {
    const {decision, results} = decided[at] as DecidedRow;
    if (results.includes('unreadable')) plan.unreadable = true;
    const needsReading = decision.action === 'create' || existing === 'remove';
    if (needsReading && isUnreadable(results)) throw cannotSeeExisting(job.name, existing);
    step.decision = decision;
    if (decision.action === 'create') addAward(job, values[at] as Values, plan.awards);
  }

  for (const {row, decision} of steps) {
    if (!decision) continue;
    plan.actions.record(row.line, decision, 'values' in row.parsed ? row.parsed.values : {});
    request.onRow?.(decision.action, () => ({
      ...describeRow(job, row, decision),
      line: input.givenLine(row.line),
    }));
  }
  request.onProgress?.(window.length);
}

interface Step {
  row: InputRow;
  values?: Values;
  decision?: Planned;
}

function addAward({definition, userColumns}: Job, values: Values, awards: AwardCounter): void {
  const {additive} = definition;
  if (additive) awards.add(Number(values[additive.column]), values[userColumns[0]?.name ?? '']);
}

/** Fills the job's looked-up column where rows leave it out. */
async function lookUpMissing(
  reader: Reader,
  job: Job,
  steps: readonly Step[],
  {lookedUp}: Plan,
): Promise<void> {
  const {lookUp} = job.definition;
  const open = steps.filter(({decision}) => decision === undefined);
  const rows = open.map(({row, values = {}}) => ({line: row.line, values}));
  for (const [line, values] of await lookUpIds(reader, job, rows)) lookedUp.set(line, values);
  for (const step of lookUp ? open : []) {
    step.values = {...step.values, ...lookedUp.get(step.row.line)};
    if (step.values[lookUp?.column ?? ''] !== undefined) continue;
    const message = `the API shows no ${lookUp?.column} for this ${Object.values(lookUp?.by ?? {}).join(' and ')}`;
    step.decision = {action: 'failed', code: 'not_found', message};
  }
}

/** Puts ids for logins, and notices a target that an earlier row already has. */
function bind(
  row: InputRow,
  values: Values,
  {input, notedIds}: PlanRequest,
  plan: Plan,
  targets: KeyIndex | undefined,
): {values: Values; decision?: Decision} {
  const {job} = input;
  const noted = notedIds?.(row.line);
  const kept = noted && withNotedIds(job, values, noted);
  const bound = kept ? {values: kept} : withIds(job, values, plan.ids);
  if ('unknown' in bound) {
    const names = bound.unknown.map(({column, login}) => `${column} ${login}`).join(', ');
    const decision = {
      action: 'failed',
      code: 'unknown_user',
      message: `the API knows no user with this login: ${names}`,
    } as const;
    return {values, decision};
  }
  if ('issues' in bound) {
    const message = bound.issues.map((issue) => issue.message).join('; ');
    return {values, decision: {action: 'failed', code: bound.issues[0]?.code ?? 'rule', message}};
  }
  const earlier = targets?.add(keyOf(job, bound.values), row.line);
  if (earlier === undefined) return {values: bound.values};
  const columns = keyColumns(job, bound.values).join(' and ');
  const message = `the same ${columns} as in line ${input.givenLine(earlier)}, one by id and one by login`;
  return {values: bound.values, decision: {action: 'failed', code: 'duplicate_row', message}};
}

/** None of the readings that concern the row can be made, or none of their items says whose it is. */
function isUnreadable(results: readonly ReadBackResult[]): boolean {
  return recordsOf(results) === undefined && results.includes('unreadable');
}

/** A record that exists and cannot be seen would be created a second time, and one to be removed is not found. */
function cannotSeeExisting(job: string, existing: Existing): RefusedError {
  const blindly = existing === 'remove' ? '' : '; --existing send creates the records without looking';
  return new RefusedError(`the API does not show this application which records of ${job} exist`, {
    code: 'existing_unreadable',
    hint: `bulk42 doctor names the role that is missing${blindly}`,
  });
}

/** All that is wrong with a row, without its cells: what reports and journals may keep. */
function issueText(issues: readonly {column: string; message: string}[]): string {
  return issues
    .map(({column, message}) => (column ? `${column}: ${message}` : message))
    .join('; ')
    .slice(0, 300);
}
