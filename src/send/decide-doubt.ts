import {adoptIds} from '../job/adopt-ids.ts';
import {differences} from '../job/compare.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import {type RowReadout, sameKey, shownTogether} from '../plan/decide-row.ts';
import type {ObservedRecord} from '../plan/read-records.ts';

/** What a reading tells of a write that may have been applied. */
export type Witnessed =
  | {res: 'found'; id?: number}
  /** `values`: the row with the ids of nested records that exist by now, for sending it again. */
  | {res: 'absent'; values?: Values}
  /** It cannot be told: a person must decide. */
  | {res: 'ambiguous'; why: string};

export interface DoubtfulRow {
  values: Values;
  isCreation: boolean;
  /** False for an update that adds nested records. */
  isIdempotent: boolean;
  /** A reading before the attempt showed no record with the row's key. */
  knownAbsent: boolean;
  /** The first attempt's time by the server's clock, ms since 1970: older records are not ours. */
  since: number;
}

/** Judges one reading of a row in doubt. Pure. */
export function decideDoubt(job: Job, row: DoubtfulRow, readout: RowReadout): Witnessed {
  if (readout.length === 0 || readout.includes('unreadable')) {
    // Nobody can tell, and nobody needs to: the same values once more do no harm.
    if (!row.isCreation && row.isIdempotent) return {res: 'absent'};
    return {res: 'ambiguous', why: 'the API does not show this application what became of it'};
  }
  return row.isCreation ? judgeCreation(job, row, readout) : judgeUpdate(job, row, readout);
}

function judgeCreation(job: Job, row: DoubtfulRow, [records]: RowReadout): Witnessed {
  if (records === undefined || records === 'unreadable')
    return {res: 'ambiguous', why: 'there is nothing to read'};
  const candidates = sameKey(job, row.values, records).filter(
    ({shown}) => row.knownAbsent || !isOlder(shown, row.since),
  );
  const [only, second] = candidates;
  if (!only) return {res: 'absent'};
  if (second) return {res: 'ambiguous', why: `${candidates.length} records with this key were made since`};
  if (only.differs.length > 0)
    return {res: 'ambiguous', why: `a record was made with another ${only.differs.join(', ')}`};
  if (!row.knownAbsent && only.shown.createdAt === undefined) {
    return {res: 'ambiguous', why: 'a record with this key exists and the API does not tell since when'};
  }
  return {res: 'found', ...(only.shown.id !== undefined && {id: only.shown.id})};
}

function isOlder({createdAt}: ObservedRecord, since: number): boolean {
  const time = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return time < since;
}

function judgeUpdate(job: Job, row: DoubtfulRow, readout: RowReadout): Witnessed {
  const shown = shownTogether(job, readout);
  if (shown === undefined)
    return row.isIdempotent ? {res: 'absent'} : {res: 'ambiguous', why: 'there is nothing to read'};
  const {differs, unreadable} = differences(job, row.values, shown);
  const absent = {res: 'absent', values: adoptIds(job, row.values, shown)} as const;
  if (differs.length > 0) return absent;
  // A field that no reading shows proves nothing. Where the request also added records, they prove it whole; where
  // it only set values, setting them again does no harm.
  return unreadable.length === 0 || !row.isIdempotent ? {res: 'found'} : absent;
}
