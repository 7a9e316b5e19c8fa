import {InputError} from '../errors.ts';
import type {ApiRequest} from '../http/request.ts';
import type {InputRow} from '../input/input-rows.ts';
import type {RowHash, RowHashes} from '../input/row-hashes.ts';
import {onlyChanged} from '../job/compare.ts';
import type {ResponseFacts} from '../job/define-job.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import {withIds} from '../job/row-users.ts';
import type {WriteAction} from '../outcome.ts';
import type {Plan} from '../plan/assemble-plan.ts';
import {writeActionOf} from '../plan/decide-row.ts';
import type {PlannedAction} from '../plan/planned-actions.ts';
import {removalRequests} from '../plan/removal-requests.ts';

/** A row that is about to be sent, or in flight. */
export interface OutgoingRow {
  line: number;
  /** What the row wants, for reading it back and for keeping it out of messages. */
  values: Values;
  action: WriteAction;
  /** Nearly always one. More are sent in order, each when the one before it was applied. */
  requests: readonly ApiRequest[];
  /** Sending it twice does no harm. False for a POST, and for a PUT that adds nested records. */
  isIdempotent: boolean;
  /** A reading showed no record with its key, so one that is found later is ours. */
  knownAbsent: boolean;
  /** What the response to a creation holds. */
  response?: ResponseFacts;
  /** Of the row's key and of all that it holds, for the journal. */
  hash?: RowHash | undefined;
}

interface SendingFacts {
  job: Job;
  plan: Pick<Plan, 'ids' | 'lookedUp'>;
  now: Date;
  hashes: RowHashes;
  /** For an undo: keyed hashes of the keys of its rows, by line. */
  removalKeys?: ReadonlyMap<number, string> | undefined;
}

/** What is sent for a row of the file. `planned` is absent for a row that an earlier process has sent. */
export async function toOutgoingRow(
  row: InputRow,
  planned: PlannedAction | undefined,
  facts: SendingFacts,
): Promise<OutgoingRow> {
  return planned?.action === 'remove' ? removalOf(row, planned.id, facts) : writeOf(row, planned, facts);
}

async function removalOf(row: InputRow, id: number, facts: SendingFacts): Promise<OutgoingRow> {
  const {job, plan, now, hashes, removalKeys} = facts;
  const {line, parsed} = row;
  const requests = removalRequests(job, id, row, now);
  const values = 'values' in parsed ? parsed.values : {};
  // The rows of an undo may name users by their logins, which are not looked up for it.
  const bound = withIds(job, values, plan.ids);
  const key = removalKeys?.get(line) ?? ('values' in bound ? (await hashes.of(bound.values)).key : undefined);
  const hash = key === undefined ? undefined : {key, row: ''};
  return {line, values, action: 'remove', requests, isIdempotent: true, knownAbsent: false, hash};
}

async function writeOf(
  row: InputRow,
  planned: PlannedAction | undefined,
  {job, plan, hashes}: SendingFacts,
): Promise<OutgoingRow> {
  const {columns, nested} = planned?.action === 'update' ? planned : {};
  const bound = {...boundValues(row, job, plan.ids), ...plan.lookedUp.get(row.line)};
  const whole = {...bound, ...nested};
  const values = columns ? onlyChanged(job, whole, columns) : whole;
  const knownAbsent = planned?.action === 'create' && planned.knownAbsent;
  return {...withValues(job, row.line, values, knownAbsent), hash: await hashes.of(bound)};
}

/** The row's values with ids for logins. */
export function boundValues({line, parsed}: InputRow, job: Job, ids: Plan['ids']): Values {
  const bound = 'values' in parsed ? withIds(job, parsed.values, ids) : undefined;
  if (bound && 'values' in bound) return bound.values;
  throw new InputError(`line ${line} is no longer what was checked`, {
    code: 'input_changed',
    hint: 'put the file back as it was, then resume the run',
  });
}

/** A row as its job sends these values. */
export function withValues(job: Job, line: number, values: Values, knownAbsent: boolean): OutgoingRow {
  const request = job.definition.request(values);
  const action = writeActionOf(job, values);
  const isIdempotent = action === 'update' && (job.definition.isIdempotent?.(values) ?? true);
  const {response = {}} = job.definition;
  return {line, values, action, requests: [request], isIdempotent, knownAbsent, response};
}
