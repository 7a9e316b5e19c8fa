import type {Reader} from '../api/reader.ts';
import {InDoubtError} from '../errors.ts';
import type {RowHashes} from '../input/row-hashes.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {RecentWrite, RecentWrites} from '../runs/recent-writes.ts';
import {shellQuote} from '../shell-quote.ts';
import {decideBesideRecent} from './decide-beside-recent.ts';
import {type Decision, decideRow, type Existing} from './decide-row.ts';
import {type KnownItems, type ReadBackResult, readRecords} from './read-records.ts';

/** What is known of the application's own last writes, and how to wait until a reading is sure to show them. */
export interface RecentKnowledge {
  writes: RecentWrites;
  hashes: Pick<RowHashes, 'of'>;
  /** Waits until `ms` after the writes were gathered. */
  wait: (ms: number, rows: number) => Promise<void>;
}

export interface DecidedRow {
  decision: Decision;
  /** What it was decided by. */
  results: readonly ReadBackResult[];
}

/** Reads what exists for the rows and decides each. A row waits only where neither reading nor journal can tell. */
export async function decideRows(
  job: Job,
  rows: readonly Values[],
  reader: Reader,
  existing: Existing,
  recent: RecentKnowledge | undefined,
  known: KnownItems,
): Promise<DecidedRow[]> {
  const resultsByRow = await readAll(job, rows, reader, existing, known);
  const decided = resultsByRow.map((results, at) => toDecided(job, rows[at] as Values, results, existing));
  if (!recent || recent.writes.isEmpty || existing === 'send') return decided;
  const late: number[] = [];
  let untilMs = 0;
  for (const [at, values] of rows.entries()) {
    const {key, row} = await recent.hashes.of(values);
    // That this very row was created just now does not say that its record is gone.
    const write = recent.writes.of(key, existing === 'remove' ? '' : row);
    if (write.kind === 'in_doubt') throw inDoubtElsewhere(write);
    const decision = decideBesideRecent(job, values, resultsByRow[at] ?? [], existing, write);
    if (decision.action === 'wait') {
      late.push(at);
      untilMs = Math.max(untilMs, decision.untilMs);
    } else {
      decided[at] = {decision, results: resultsByRow[at] ?? []};
    }
  }
  if (late.length === 0) return decided;
  await recent.wait(untilMs, late.length);
  // What a look-up has shown before is as old as the first reading.
  const again = late.map((at) => rows[at] as Values);
  const reread = await readAll(job, again, reader, existing, new Map());
  late.forEach((at, n) => (decided[at] = toDecided(job, rows[at] as Values, reread[n] ?? [], existing)));
  return decided;
}

function toDecided(
  job: Job,
  values: Values,
  results: readonly ReadBackResult[],
  existing: Existing,
): DecidedRow {
  return {decision: decideRow(job, values, results, existing), results};
}

/** What each of the job's queries shows of each row. */
async function readAll(
  job: Job,
  rows: readonly Values[],
  reader: Reader,
  existing: Existing,
  known: KnownItems,
): Promise<ReadBackResult[][]> {
  const resultsByQuery: ReadBackResult[][] = [];
  for (const query of existing === 'send' ? [] : job.definition.readBack)
    resultsByQuery.push(
      query.provesOnlyPresence ? [] : await readRecords(reader, query, rows, 'read', known),
    );
  return rows.map((_, at) => resultsByQuery.map((each) => each[at]));
}

/** Its effect may come after that of this row, or be the same once more. */
function inDoubtElsewhere({run, folder}: Extract<RecentWrite, {kind: 'in_doubt'}>): InDoubtError {
  return new InDoubtError(`run ${run} has a row in doubt that is a row of this run too`, {
    code: 'unsettled_run',
    hint: `bulk42 resume ${shellQuote(folder)}`,
  });
}
