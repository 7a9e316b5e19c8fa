import {adoptIds} from '../job/adopt-ids.ts';
import {type Differences, differences, updatableColumns} from '../job/compare.ts';
import type {Job} from '../job/job.ts';
import {mergeObserved} from '../job/merge-observed.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Value, Values} from '../job/row.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import type {ObservedRecord, ReadBackResult} from './read-records.ts';

export interface Change {
  column: string;
  from: Value | undefined;
  to: Value;
}

/** What a run does with a row. */
export type Decision =
  /**
   * `knownAbsent`: a reading showed that no record with the row's key exists. `top`: the highest id of the records that it
   * showed of the row's owner; one with a higher id was created since.
   */
  | {action: 'create'; knownAbsent: boolean; top?: number}
  /**
   * `columns`: the only ones that need to be sent; absent: all of them. `values`: the row with the ids of nested
   * records that exist already, where it has any. `id`: of the record, where the job's `update` changes it.
   */
  | {action: 'update'; changes: Change[]; columns?: string[]; values?: Values; id?: number}
  /** `id`: of the record that goes. `record`: what a reading showed of it. */
  | {action: 'remove'; id: number; record?: Values}
  | {action: 'unchanged'; id?: number}
  | {action: 'failed'; code: string; message: string};

const uncheckedCreation: Decision = {action: 'create', knownAbsent: false};
/** For most rows nothing is there, so that they share it. */
const firstCreation: Decision = {action: 'create', knownAbsent: true, top: 0};

export type Existing = HeaderEntry['existing'];

/** Compares what a row wants with what the API shows. Pure. `results`: what each of the job's queries shows of the row; absent when nothing was read. */
export function decideRow(
  job: Job,
  values: Values,
  results: readonly ReadBackResult[] | undefined,
  existing: Existing,
): Decision {
  if (existing === 'remove') return decideRemoval(job, values, recordsOf(results ?? []));
  const isCreation = writeActionOf(job, values) === 'create';
  if (existing === 'send' || results === undefined || results.length === 0) {
    return isCreation ? uncheckedCreation : {action: 'update', changes: []};
  }
  const decision = isCreation
    ? decideCreation(job, values, results, existing)
    : decideUpdate(job, values, results);
  if (decision.action === 'unchanged' && existing === 'fail') {
    return {action: 'failed', code: 'exists', message: 'it is already as this row wants it'};
  }
  return decision;
}

/** What the job's request does with the record of a row. Points are taken by a DELETE, which adds to a history. */
export function writeActionOf(job: Job, values: Values): 'create' | 'update' {
  return job.definition.request(values).method === 'PUT' ? 'update' : 'create';
}

function withoutParent({definition: {readBack}}: Job): Decision {
  const parents = readBack.flatMap(({list}) => list.filter((segment) => segment.startsWith(':')));
  const message = `the API knows no such ${[...new Set(parents)].join(' or ').replaceAll(':', '')}`;
  return {action: 'failed', code: 'not_found', message};
}

/** What the queries show that concern the row and may be made, each record once; undefined where there is none. */
export function recordsOf(results: readonly ReadBackResult[]): readonly ObservedRecord[] | undefined {
  const [first, ...others] = results.filter((records) => typeof records === 'object');
  if (!first || others.length === 0) return first;
  const joined: ObservedRecord[] = [];
  for (const record of [...first, ...others.flat()]) {
    const at = joined.findIndex(({id}) => id !== undefined && id === record.id);
    const same = joined[at];
    if (same) joined[at] = {...same, values: {...same.values, ...record.values}};
    else joined.push(record);
  }
  return joined;
}

function decideCreation(
  job: Job,
  values: Values,
  results: readonly ReadBackResult[],
  existing: Existing,
): Decision {
  const records = recordsOf(results);
  if (records === undefined) return results.includes('no_parent') ? withoutParent(job) : uncheckedCreation;
  const compared = recordsWithKey(job, values, records);
  if (existing === 'update' && compared.length > 0) return decideExisting(job, values, compared);
  const same = compared.find(({differs}) => differs.length === 0);
  if (same) return {action: 'unchanged', ...(same.record.id !== undefined && {id: same.record.id})};
  const [other] = compared;
  if (other) return existsDifferent(other.differs);
  const top = hasOrderedIds(job) ? topOf(records) : undefined;
  return top === 0 ? firstCreation : {action: 'create', knownAbsent: true, ...(top !== undefined && {top})};
}

function existsDifferent(differs: readonly Change[], why = ''): Decision {
  const columns = differs.map(({column}) => column).join(', ');
  return {action: 'failed', code: 'exists_different', message: `it exists with another ${columns}${why}`};
}

/** A record with the row's key is given the row's values, as far as the job's `update` can. */
function decideExisting(job: Job, values: Values, compared: readonly ComparedRecord[]): Decision {
  const updatable = new Set(updatableColumns(job, values));
  const isUpdatable = (column: string) => updatable.has(column.split('.')[0] as string);
  const [one, other] = compared;
  const same = compared.find(({differs}) => differs.length === 0) ?? (other ? undefined : one);
  if (!same) return ambiguous(compared);
  const {record, differs, unreadable} = same;
  const fixed = differs.filter(({column}) => !isUpdatable(column));
  if (fixed.length > 0) return existsDifferent(fixed, ', which no update changes');
  const columns = [...differs.map(({column}) => column), ...unreadable.filter(isUpdatable)];
  const {id} = record;
  if (columns.length === 0) return {action: 'unchanged', ...(id !== undefined && {id})};
  if (id === undefined) return existsDifferent(differs, ', and the API does not show its id');
  return {action: 'update', id, changes: differs, columns};
}

/** The one record that has the row's key goes. A key that the API does not show in full names no record for certain. */
function decideRemoval(job: Job, values: Values, records: readonly ObservedRecord[] | undefined): Decision {
  const key = keyColumns(job, values);
  if (records === undefined || key.length === 0)
    return removalFailed('unreadable', 'the API does not show which records exist');
  const compared = recordsWithKey(job, values, records);
  const [only, other] = compared;
  if (!only) return {action: 'unchanged'};
  if (other) return ambiguous(compared);
  const {id, values: record} = only.record;
  const hidden = key.filter((column) => record[column] === undefined);
  if (id === undefined || hidden.length > 0)
    return removalFailed('unreadable', `the API does not show the ${hidden[0] ?? 'id'} of the record`);
  return {action: 'remove', id, record};
}

function removalFailed(code: string, message: string): Decision {
  return {action: 'failed', code, message};
}

function ambiguous(compared: readonly ComparedRecord[]): Decision {
  const ids = compared.map(({record}) => record.id ?? 'unknown').join(', ');
  return {
    action: 'failed',
    code: 'ambiguous',
    message: `${compared.length} records have this key: ids ${ids}`,
  };
}

/** Whether the readings show the ids of the records themselves, which grow with each new one. */
function hasOrderedIds({definition: {readBack}}: Job): boolean {
  return readBack.every((query) => query.id === undefined);
}

function topOf(records: readonly ObservedRecord[]): number | undefined {
  const ids = records.map(({id}) => id);
  return ids.includes(undefined) ? undefined : Math.max(0, ...(ids as number[]));
}

interface ComparedRecord extends Differences {
  record: ObservedRecord;
}

/** The records that have the row's key, with the columns in which they differ from it. */
export function recordsWithKey(
  job: Job,
  values: Values,
  records: readonly ObservedRecord[],
): ComparedRecord[] {
  const key = new Set(keyColumns(job, values));
  return records
    .map((record) => ({record, ...differences(job, values, record.values)}))
    .filter(({differs}) => !differs.some(({column}) => key.has(column)));
}

function decideUpdate(job: Job, values: Values, results: readonly ReadBackResult[]): Decision {
  const observed = mergeResults(job, results);
  if (observed === undefined) return {action: 'update', changes: []};
  const {differs, unreadable} = differences(job, values, observed);
  if (differs.length === 0 && unreadable.length === 0) return {action: 'unchanged'};
  const columns = [...differs.map(({column}) => column), ...unreadable];
  return {action: 'update', changes: differs, columns, values: adoptIds(job, values, observed)};
}

/** Everything that the job's queries show of one target, as one record; undefined when none of them shows anything. */
export function mergeResults(job: Job, results: readonly ReadBackResult[]): Values | undefined {
  const observed = job.definition.readBack.flatMap((query, at): Values[] => {
    const records = results[at];
    if (typeof records !== 'object') return [];
    if (records.length === 0) return query.absentMeans ? [query.absentMeans] : [];
    return records.map(({values}) => values);
  });
  return observed.length === 0 ? undefined : mergeObserved(observed);
}
