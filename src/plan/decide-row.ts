import {adoptIds} from '../job/adopt-ids.ts';
import {differences} from '../job/compare.ts';
import type {Job} from '../job/job.ts';
import {mergeObserved} from '../job/merge-observed.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Value, Values} from '../job/row.ts';
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
   * records that exist already, where it has any.
   */
  | {action: 'update'; changes: Change[]; columns?: string[]; values?: Values}
  /** `id`: of the record that goes. `requests`: how many that takes. */
  | {action: 'remove'; id: number; requests: number}
  | {action: 'unchanged'; id?: number}
  | {action: 'failed'; code: string; message: string};

const uncheckedCreation: Decision = {action: 'create', knownAbsent: false};
/** For most rows nothing is there, so that they share it. */
const firstCreation: Decision = {action: 'create', knownAbsent: true, top: 0};

export type Existing = 'skip' | 'fail' | 'send';

/** Compares what a row wants with what the API shows. Pure. `results`: what each of the job's queries shows of the row; absent when nothing was read. */
export function decideRow(
  job: Job,
  values: Values,
  results: readonly ReadBackResult[] | undefined,
  existing: Existing,
): Decision {
  const isCreation = writeActionOf(job, values) === 'create';
  if (existing === 'send' || results === undefined || results.length === 0) {
    return isCreation ? uncheckedCreation : {action: 'update', changes: []};
  }
  const decision = isCreation ? decideCreation(job, values, results) : decideUpdate(job, values, results);
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

function decideCreation(job: Job, values: Values, results: readonly ReadBackResult[]): Decision {
  const records = recordsOf(results);
  if (records === undefined) return results.includes('no_parent') ? withoutParent(job) : uncheckedCreation;
  const compared = recordsWithKey(job, values, records);
  const same = compared.find(({differs}) => differs.length === 0);
  if (same) return {action: 'unchanged', ...(same.record.id !== undefined && {id: same.record.id})};
  const [other] = compared;
  if (!other) {
    const top = hasOrderedIds(job) ? topOf(records) : undefined;
    return top === 0 ? firstCreation : {action: 'create', knownAbsent: true, ...(top !== undefined && {top})};
  }
  return {
    action: 'failed',
    code: 'exists_different',
    message: `it exists with another ${other.differs.join(', ')}`,
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

/** The records that have the row's key, with the columns in which they differ from it. */
export function recordsWithKey(
  job: Job,
  values: Values,
  records: readonly ObservedRecord[],
): {record: ObservedRecord; differs: string[]}[] {
  const key = new Set(keyColumns(job, values));
  return records
    .map((record) => ({
      record,
      differs: differences(job, values, record.values).differs.map(({column}) => column),
    }))
    .filter(({differs}) => !differs.some((column) => key.has(column)));
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
