import {InputError} from '../errors.ts';
import type {ApiRequest} from '../http/request.ts';
import type {InputRow} from '../input/input-rows.ts';
import type {RowHash, RowHashes} from '../input/row-hashes.ts';
import {adoptedIds, withAdoptedIds} from '../job/adopt-ids.ts';
import {onlyChanged, updatableColumns} from '../job/compare.ts';
import type {ResponseFacts} from '../job/define-job.ts';
import type {Job} from '../job/job.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';
import {idsOfLogins, withIds, withNotedIds} from '../job/row-users.ts';
import type {SentFacts} from '../journal/entry.ts';
import type {Doubt} from '../journal/row-states.ts';
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
  /** What the intent notes. */
  facts: Omit<SentFacts, 'body'>;
  /** The row of the file with ids for logins. */
  bound: Values;
}

interface SendingFacts {
  job: Job;
  plan: Pick<Plan, 'ids' | 'lookedUp'>;
  now: Date;
  hashes: RowHashes;
  /** For an undo: keyed hashes of the keys of its rows, by line. */
  removalKeys?: ReadonlyMap<number, string> | undefined;
  /** Of a row that an earlier process of the run has sent: the ids that it was sent with. */
  sentBefore?: SentFacts | undefined;
}

/** What is sent for a row of the file, as it is planned. One without a plan, whose intent names a record, removes that. */
export async function toOutgoingRow(
  row: InputRow,
  planned: PlannedAction | undefined,
  facts: SendingFacts,
): Promise<OutgoingRow> {
  const id = facts.sentBefore?.id;
  const intended = planned ?? (id === undefined ? undefined : {action: 'remove', id});
  return intended?.action === 'remove' ? removalOf(row, intended, facts) : writeOf(row, intended, facts);
}

async function removalOf(
  row: InputRow,
  {id, record}: Extract<PlannedAction, {action: 'remove'}>,
  facts: SendingFacts,
): Promise<OutgoingRow> {
  const {job, now, hashes, removalKeys} = facts;
  const {line, parsed} = row;
  const given = 'values' in parsed ? parsed.values : {};
  const known = bind(row, facts);
  const key = removalKeys?.get(line) ?? (known && (await hashes.of(known.bound)).key);
  // Without the id of each of its users a row cannot be read back, and its record is removed all the same.
  const {bound, ids} = known ?? {bound: {}, ids: undefined};
  return {
    line,
    values: bound,
    action: 'remove',
    requests: removalRequests(job, id, {...given, ...record}, now),
    isIdempotent: !job.definition.isRemovalUnproven,
    knownAbsent: false,
    hash: key === undefined ? undefined : {key, row: ''},
    facts: {id, ...(ids && {ids})},
    bound,
  };
}

async function writeOf(
  row: InputRow,
  planned: PlannedAction | undefined,
  facts: SendingFacts,
): Promise<OutgoingRow> {
  const {job, hashes} = facts;
  const {line} = row;
  const known = bind(row, facts);
  if (!known) throw inputChanged(line);
  const {bound, ids} = known;
  const {id, columns: cols, unread, nested} = planned?.action === 'update' ? planned : {};
  const noted = {
    ...(id !== undefined && {id}),
    ...(ids && {ids}),
    ...(cols && {cols}),
    ...(unread && {unread}),
    ...(planned?.action === 'create' && planned.top !== undefined && {top: planned.top}),
  };
  const knownAbsent = planned?.action === 'create' && planned.knownAbsent;
  const begun = {line, knownAbsent, bound, facts: noted, hash: await hashes.of(bound)};
  return withWhole(job, begun, {...bound, ...nested});
}

/** The row with ids for its logins, and those ids; undefined where the API does not know one of them. */
function bind(
  {line, parsed}: InputRow,
  {job, plan, sentBefore}: SendingFacts,
): {bound: Values; ids: SentFacts['ids']} | undefined {
  if (!('values' in parsed)) return undefined;
  const noted = sentBefore?.ids && withNotedIds(job, parsed.values, sentBefore.ids);
  const known = noted ? {values: noted} : withIds(job, parsed.values, plan.ids);
  if (!('values' in known)) return undefined;
  const lookedUp = plan.lookedUp.get(line);
  const bound = {...known.values, ...lookedUp};
  const ids = {
    ...idsOfLogins(job, parsed.values, bound),
    ...(lookedUp as Record<string, number> | undefined),
  };
  return {bound, ids: Object.keys(ids).length > 0 ? ids : undefined};
}

/** The row with other ids of nested records: `whole` is all that it wants. */
export function withWhole(
  job: Job,
  row: Pick<OutgoingRow, 'line' | 'knownAbsent' | 'bound' | 'facts' | 'hash'>,
  whole: Values,
): OutgoingRow {
  const {id, cols} = row.facts;
  const values = cols ? onlyChanged(job, whole, cols) : whole;
  if (id !== undefined) return {...row, ...updateOf(job, id, values)};
  const nested = adoptedIds(job, row.bound, whole);
  return {
    ...row,
    ...requestOf(job, values),
    facts: {...row.facts, ...(nested && {nested})},
  };
}

/** All that the row wants, with the ids of nested records that it is sent with. */
export function wholeOf(job: Job, {bound, facts}: Pick<OutgoingRow, 'bound' | 'facts'>): Values {
  return withAdoptedIds(job, bound, facts.nested);
}

/**
 * The row as an earlier process sent it, made again from the file and its intent alone. Undefined where that gives another
 * request: its file with an image, or the program, is another one by now.
 */
export async function rebuildRow(
  {line, parsed}: InputRow,
  {knownAbsent, sent, keyId}: Doubt,
  {job, hashes}: Pick<SendingFacts, 'job' | 'hashes'>,
): Promise<OutgoingRow | undefined> {
  const bound = 'values' in parsed ? withNotedIds(job, parsed.values, sent.ids) : undefined;
  if (!bound) return undefined;
  const {body, ...facts} = sent;
  const row = {line, knownAbsent, bound, facts, hash: await hashes.of(bound)};
  const rebuilt = withWhole(job, row, wholeOf(job, row));
  const [request] = rebuilt.requests;
  // Where the state folder is another one the file's checksum has to do.
  const isComparable = body !== undefined && keyId === hashes.keyId && request !== undefined;
  return isComparable && (await hashes.request(request)) !== body ? undefined : rebuilt;
}

type Sent = Pick<OutgoingRow, 'values' | 'action' | 'requests' | 'isIdempotent' | 'response'>;

/** Of a record that the job's `update` changes: `values` holds what may be sent, and the key. */
function updateOf(job: Job, id: number, values: Values): Sent {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
  const changes = pick(updatableColumns(job, values));
  const request = job.definition.update?.(id, changes);
  return {
    values: {...pick(keyColumns(job, values)), ...changes},
    action: 'update',
    requests: request ? [request] : [],
    isIdempotent: true,
  };
}

function requestOf(job: Job, values: Values): Sent {
  const action = writeActionOf(job, values);
  const isIdempotent = action === 'update' && (job.definition.isIdempotent?.(values) ?? true);
  const {response = {}} = job.definition;
  return {values, action, requests: [job.definition.request(values)], isIdempotent, response};
}

function inputChanged(line: number): InputError {
  return new InputError(`line ${line} is no longer what was checked`, {
    code: 'input_changed',
    hint: 'put the file back as it was, then resume the run',
  });
}
