import {adoptIds} from '../job/adopt-ids.ts';
import {differences} from '../job/compare.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import {mergeResults, recordsOf, recordsWithKey} from '../plan/decide-row.ts';
import type {ObservedRecord, ReadBackResult} from '../plan/read-records.ts';

/** What reading a row back proves of a write that may have been applied. */
export type DoubtDecision =
  | {res: 'found'; id?: number}
  /** The API refused it, since the record existed before: as the row wants it, or with other values. */
  | {res: 'exists'; id?: number; differs: readonly string[]}
  /** `values`: the row with the ids of nested records that exist by now, for sending it again. */
  | {res: 'absent'; values?: Values}
  /** It proves nothing: a person must decide. */
  | {res: 'ambiguous'; why: string};

export interface DoubtfulRow {
  values: Values;
  isCreation: boolean;
  /** False for an update that adds nested records. */
  isIdempotent: boolean;
  /** A reading before the attempt showed no record with the row's key. */
  knownAbsent: boolean;
  /** The API refused the last attempt, since its key is taken. */
  isTaken: boolean;
  /** An attempt may have been applied: the one that was refused, where it is the only one, was not. */
  mayBeOurs: boolean;
  /** The first attempt's time by the server's clock, ms since 1970: older records are not ours. */
  since: number;
}

/** Judges what each of the job's queries shows of a row in doubt. Pure. */
export function decideDoubt(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  if (row.isCreation) return decideCreation(job, row, results);
  if (results.length > 0 && !results.includes('unreadable')) return decideUpdate(job, row, results);
  // Whether it was applied does not matter: the same values once more do no harm.
  return row.isIdempotent ? {res: 'absent'} : notShown;
}

const notShown: DoubtDecision = {
  res: 'ambiguous',
  why: 'the API does not show this application what became of it',
};

function decideCreation(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  const records = recordsOf(results);
  if (records === undefined) return notShown;
  const alike = recordsWithKey(job, row.values, records);
  const candidates = alike.filter(
    ({record}) => row.mayBeOurs && (row.knownAbsent || !isOlder(record, row.since)),
  );
  const [only, second] = candidates;
  if (!only) {
    const [existing] = row.isTaken
      ? alike.toSorted((one, other) => one.differs.length - other.differs.length)
      : [];
    if (!existing) return {res: 'absent'};
    const {record, differs} = existing;
    return {res: 'exists', ...(record.id !== undefined && {id: record.id}), differs};
  }
  if (second) return {res: 'ambiguous', why: `${candidates.length} records with this key were created since`};
  if (only.differs.length > 0)
    return {res: 'ambiguous', why: `a record was created with another ${only.differs.join(', ')}`};
  const {id, createdAt} = only.record;
  if (!row.knownAbsent && createdAt === undefined) {
    return {res: 'ambiguous', why: 'a record with this key exists, and the API does not show since when'};
  }
  return {res: 'found', ...(id !== undefined && {id})};
}

function isOlder({createdAt}: ObservedRecord, since: number): boolean {
  const time = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return time < since;
}

function decideUpdate(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  const observed = mergeResults(job, results);
  if (observed === undefined)
    return row.isIdempotent ? {res: 'absent'} : {res: 'ambiguous', why: 'there is nothing to read'};
  const {differs, unreadable} = differences(job, row.values, observed);
  const absent = {res: 'absent', values: adoptIds(job, row.values, observed)} as const;
  if (differs.length > 0) return absent;
  // A field that no reading shows proves nothing. Where the request also added records, they prove it whole; where
  // it only set values, setting them again does no harm.
  return unreadable.length === 0 || !row.isIdempotent ? {res: 'found'} : absent;
}
