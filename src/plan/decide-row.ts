import {adoptIds} from '../job/adopt-ids.ts';
import {differences} from '../job/compare.ts';
import type {Job} from '../job/job.ts';
import {mergeShown} from '../job/merge-shown.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Value, Values} from '../job/row.ts';
import type {ReadBackResult, ObservedRecord} from './read-records.ts';

export interface Change {
  column: string;
  from: Value | undefined;
  to: Value;
}

/** What a run does with a row. */
export type Decision =
  /** `knownAbsent`: a reading showed that no record with the row's key exists. */
  | {action: 'create'; knownAbsent: boolean}
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
const knownAbsentCreation: Decision = {action: 'create', knownAbsent: true};

/** A row's part of each of the job's readings, in their order. */
export type RowReadout = readonly ReadBackResult[number][];

export type Existing = 'skip' | 'fail' | 'send';

/** Compares what a row wants with what the API shows. Pure. `readout` is absent when nothing was looked at. */
export function decideRow(
  job: Job,
  values: Values,
  readout: RowReadout | undefined,
  existing: Existing,
): Decision {
  const isCreation = job.definition.request(values).method === 'POST';
  if (existing === 'send' || readout === undefined || readout.length === 0) {
    return isCreation ? uncheckedCreation : {action: 'update', changes: []};
  }
  const decision = isCreation ? decideCreation(job, values, readout) : decideUpdate(job, values, readout);
  if (decision.action === 'unchanged' && existing === 'fail') {
    return {action: 'failed', code: 'exists', message: 'it is already as this row wants it'};
  }
  return decision;
}

function decideCreation(job: Job, values: Values, [records]: RowReadout): Decision {
  if (records === undefined || records === 'unreadable') return uncheckedCreation;
  const compared = sameKey(job, values, records);
  const same = compared.find(({differs}) => differs.length === 0);
  if (same) return {action: 'unchanged', ...(same.shown.id !== undefined && {id: same.shown.id})};
  const [other] = compared;
  if (!other) return knownAbsentCreation;
  return {
    action: 'failed',
    code: 'exists_different',
    message: `it exists with another ${other.differs.join(', ')}`,
  };
}

/** The records that have the row's key, with the columns in which they differ from it. */
export function sameKey(
  job: Job,
  values: Values,
  records: readonly ObservedRecord[],
): {shown: ObservedRecord; differs: string[]}[] {
  const key = new Set(keyColumns(job, values));
  return records
    .map((shown) => ({
      shown,
      differs: differences(job, values, shown.values).differs.map(({column}) => column),
    }))
    .filter(({differs}) => !differs.some((column) => key.has(column)));
}

function decideUpdate(job: Job, values: Values, readout: RowReadout): Decision {
  const shown = shownTogether(job, readout);
  if (shown === undefined) return {action: 'update', changes: []};
  const {differs, unreadable} = differences(job, values, shown);
  if (differs.length === 0 && unreadable.length === 0) return {action: 'unchanged'};
  const columns = [...differs.map(({column}) => column), ...unreadable];
  return {action: 'update', changes: differs, columns, values: adoptIds(job, values, shown)};
}

/** Everything that the readings show of one target, as one record; undefined when none of them shows anything. */
export function shownTogether(job: Job, readout: RowReadout): Values | undefined {
  const shown = job.definition.readBack.flatMap((reading, at): Values[] => {
    const records = readout[at];
    if (records === undefined || records === 'unreadable') return [];
    if (records.length === 0) return reading.absentMeans ? [reading.absentMeans] : [];
    return records.map(({values}) => values);
  });
  return shown.length === 0 ? undefined : mergeShown(shown);
}
