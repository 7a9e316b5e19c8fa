import {adoptIds} from '../job/adopt-ids.ts';
import {type Differences, differences} from '../job/compare.ts';
import {elementsOf, isGroup} from '../job/columns/column.ts';
import type {Job} from '../job/job.ts';
import {matchElements} from '../job/match-elements.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';
import {mergeResults, recordsOf, recordsWithKey} from '../plan/decide-row.ts';
import type {ObservedRecord, ReadBackResult} from '../plan/read-records.ts';
import {type OutgoingRow, wholeOf} from './outgoing-row.ts';

/** What reading a row back proves of a write that may have been applied. */
export type DoubtDecision =
  | {res: 'found'; id?: number}
  /** Not by this run: such a record was there before, or another client made it. `differs`: what is not as wanted. */
  | {res: 'exists'; id?: number; differs: readonly string[]}
  /** `whole`: the row with the ids of nested records that exist by now, for sending it again. */
  | {res: 'absent'; whole?: Values}
  /** It proves nothing: a person must decide. */
  | {res: 'ambiguous'; why: string};

export type DoubtfulRow = Pick<
  OutgoingRow,
  'values' | 'action' | 'isIdempotent' | 'knownAbsent' | 'bound' | 'facts'
> & {
  /** The API has said that it did not apply it, and no other attempt may have been applied: nothing is the row's own. */
  isRefused?: boolean;
  /** The API has said that its key is taken. */
  isTaken?: boolean;
  /** The highest id of the job's records when it was sent: one with a higher id was made since. */
  top?: number | undefined;
};

/** Judges what each of the job's queries shows of a row in doubt, by what was sent. Pure. */
export function decideDoubt(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  const {id} = row.facts;
  if (id !== undefined) return decideChange(job, row, id, recordsOf(results));
  if (row.action === 'create') return decideCreation(job, row, results);
  if (results.length > 0 && !results.includes('unreadable')) return decideUpdate(job, row, results);
  // Whether it was applied does not matter: the same values once more do no harm.
  return row.isIdempotent ? {res: 'absent'} : notShown;
}

const notShown: DoubtDecision = {
  res: 'ambiguous',
  why: 'the API does not show this application what became of it',
};

/** By the record's id: a removal is applied where it is shown no more, an update where it shows the row's values. */
function decideChange(
  job: Job,
  {values, action, isIdempotent}: DoubtfulRow,
  id: number,
  records: readonly ObservedRecord[] | undefined,
): DoubtDecision {
  const key = keyColumns(job, values);
  if (!records || key.length === 0 || records.some((record) => record.id === undefined))
    return isIdempotent ? {res: 'absent'} : notShown;
  const record = records.find((each) => each.id === id);
  if (action === 'remove') return record ? {res: 'absent'} : {res: 'found', id};
  if (!record) return {res: 'absent'};
  const {differs, unreadable} = differences(job, values, record.values);
  const isProven = differs.length === 0 && unreadable.every((column) => key.includes(column));
  return isProven ? {res: 'found', id} : {res: 'absent'};
}

function decideCreation(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  const records = recordsOf(results);
  if (records === undefined) return notShown;
  const {top} = row;
  const isOlder = ({id}: ObservedRecord) => top !== undefined && id !== undefined && id <= top;
  const compared = recordsWithKey(job, row.values, records).toSorted(
    (one, other) => one.differs.length - other.differs.length,
  );
  const [only, second] = row.isRefused ? [] : compared.filter(({record}) => !isOlder(record));
  if (second) return {res: 'ambiguous', why: 'several records with this key were created since'};
  if (!only) {
    const isKnownToExist = row.isRefused || row.isTaken;
    const existing = compared.find(({record}) => isKnownToExist || (row.knownAbsent && isOlder(record)));
    if (existing) return {res: 'exists', ...idOf(existing.record), differs: columnsOf(existing)};
    const alike = alikeButForText(job, row.values, records).filter((record) => !isOlder(record));
    if (alike.length === 0 || row.isRefused) return {res: 'absent'};
    return {res: 'ambiguous', why: 'a record like it, with another text, may have been created since'};
  }
  if (only.differs.length > 0)
    return {res: 'ambiguous', why: `a record was created with another ${columnsOf(only).join(', ')}`};
  const isNew = row.knownAbsent || (top !== undefined && only.record.id !== undefined);
  if (isNew) return {res: 'found', ...idOf(only.record)};
  return {res: 'ambiguous', why: 'a record with this key exists, and the API does not show since when'};
}

function columnsOf({differs}: Pick<Differences, 'differs'>): string[] {
  return differs.map(({column}) => column);
}

/** Records whose key is the row's but for its free text, which a server may store in another form. */
function alikeButForText(
  job: Job,
  values: Values,
  records: readonly ObservedRecord[],
): readonly ObservedRecord[] {
  const key = keyColumns(job, values);
  const text = new Set(key.filter((name) => isFreeText(job, name)));
  if (text.size === 0) return [];
  return records.filter((record) => {
    const differs = columnsOf(differences(job, values, record.values));
    return !differs.some((column) => key.includes(column) && !text.has(column));
  });
}

function isFreeText({definition: {columns}}: Job, name: string): boolean {
  const column = columns[name];
  return column !== undefined && !isGroup(column) && column.kind.type === 'text' && !column.kind.isIdentifier;
}

function idOf({id}: ObservedRecord): {id?: number} {
  return id === undefined ? {} : {id};
}

function decideUpdate(job: Job, row: DoubtfulRow, results: readonly ReadBackResult[]): DoubtDecision {
  const observed = mergeResults(job, results);
  if (observed === undefined)
    return row.isIdempotent ? {res: 'absent'} : {res: 'ambiguous', why: 'there is nothing to read'};
  const compared = differences(job, row.values, observed);
  const absent = {res: 'absent', whole: adoptIds(job, wholeOf(job, row), observed)} as const;
  // A field that no reading shows proves nothing; setting the same values again does no harm.
  if (row.isIdempotent)
    return compared.differs.length === 0 && compared.unreadable.length === 0 ? {res: 'found'} : absent;
  return decideAddition(job, row, observed, compared) ?? absent;
}

/** A request that added nested records, which it must not do again; undefined where it was not applied. */
function decideAddition(
  job: Job,
  row: DoubtfulRow,
  observed: Values,
  {differs, unreadable}: Differences,
): DoubtDecision | undefined {
  // What was seen to be different before: where it is as wanted now, the request was applied, and that as a whole.
  const {cols = [], unread = []} = row.facts;
  const proofs = cols.filter((column) => !unread.includes(column));
  if (showsAddition(job, row, {observed, differs}, proofs)) return {res: 'found'};
  if (differs.length > 0) return undefined;
  return proofs.some((column) => !unreadable.includes(column))
    ? {res: 'found'}
    : {res: 'ambiguous', why: 'no reading shows whether the records were added'};
}

/** Whether a nested record that was seen not to be there is there now as it was sent: another client's may be as well. */
function showsAddition(
  job: Job,
  {bound, facts}: DoubtfulRow,
  {observed, differs}: {observed: Values; differs: Differences['differs']},
  proofs: readonly string[],
): boolean {
  const whole = wholeOf(job, {bound, facts});
  return Object.entries(job.definition.columns).some(([name, group]) => {
    if (!isGroup(group)) return false;
    const elements = elementsOf(whole, name);
    const matches = matchElements(group, elements, elementsOf(observed, name));
    return elements.some((element, index) => {
      const prefix = group.group === 'many' ? `${name}.${index}.` : `${name}.`;
      const isAdded = element['id'] == null && proofs.some((column) => column.startsWith(prefix));
      const isOther = differs.some(({column}) => column.startsWith(prefix));
      return isAdded && matches[index] !== undefined && !isOther;
    });
  });
}
