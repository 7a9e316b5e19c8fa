import type {Reader} from '../api/reader.ts';
import {type Clock, type Instant, waitSince} from '../clock.ts';
import {TemporaryError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {Entry} from '../journal/entry.ts';
import type {Journal} from '../journal/journal.ts';
import type {Doubt, RowStates} from '../journal/row-states.ts';
import {appliedOutcomes} from '../outcome.ts';
import {decideDoubt, type DoubtDecision} from './decide-doubt.ts';
import type {Existing} from '../plan/decide-row.ts';
import {type ReadBackResult, readRecords} from '../plan/read-records.ts';
import {type OutgoingRow, withWhole, wholeOf} from './outgoing-row.ts';

/** So often one process sends a row in doubt again. */
const maxResends = 2;

/** A row in doubt, with what is needed to read it back and to send it again. */
export interface RowInDoubt {
  row: OutgoingRow;
  /** When its sender was known to be done with it: the attempt's end, or the moment a dead run's lock was taken. */
  since: Instant;
  /** The API's refusal that stands if nothing was applied. */
  refusal?: {code: string; message: string};
  /** The API has refused it: the attempt can no longer be applied. */
  isRefused?: true;
  /** What the server asked to be left alone for, in milliseconds, if that is longer than the settling time. */
  waitMs?: number;
}

export interface SettlerTools {
  job: Job;
  reader: Reader;
  journal: Journal;
  states: RowStates;
  clock: Clock;
  stop: AbortSignal;
  /** What is done with a record that exists. */
  existing: Existing;
  /** How long after `since` the server may still apply what it received, in milliseconds. */
  settleMs: () => number;
  onWait: (rows: number, ms: number) => void;
}

/**
 * Settles rows in doubt, many per reading:
 *
 *   first reading, at once ──found──▶ done
 *        │ absent
 *   wait until the settling time is over (a request can be applied long after its sender died)
 *        │
 *   second reading ──found──▶ done   ──absent──▶ proven not applied: it may be sent again
 *                  ──ambiguous, unreadable──▶ stays in doubt, for a person
 */
export class DoubtSettler {
  readonly #tools: SettlerTools;
  readonly #doubtful = new Map<number, RowInDoubt>();
  readonly #checkedOnce = new Set<number>();
  /** Rows sent again whose attempts failed by the API: they are limited, to spare a failing server. */
  #resent = 0;
  /** By line, in this process: a resume may try again what the one before gave up. */
  readonly #sentAgain = new Map<number, number>();

  constructor(tools: SettlerTools) {
    this.#tools = tools;
  }

  get size(): number {
    return this.#doubtful.size;
  }

  add(doubtful: RowInDoubt): void {
    this.#doubtful.set(doubtful.row.line, doubtful);
    this.#checkedOnce.delete(doubtful.row.line);
  }

  /** The first reading of every row that has not had one. */
  async readAtOnce(): Promise<void> {
    const rows = [...this.#doubtful.values()].filter(({row}) => !this.#checkedOnce.has(row.line));
    await this.#check(rows, 1);
    for (const {row} of rows) this.#checkedOnce.add(row.line);
  }

  /**
   * Settles what is in doubt by now and returns the rows that may be sent again. Rows that stay in doubt are forgotten
   * here: the journal has them.
   */
  async settle(): Promise<RowInDoubt[]> {
    const {clock, stop, settleMs, onWait} = this.#tools;
    await this.readAtOnce();
    const waiting = [...this.#doubtful.values()];
    if (waiting.length === 0) return [];
    const waitOf = ({isRefused, waitMs = 0}: RowInDoubt) => (isRefused ? 0 : Math.max(settleMs(), waitMs));
    const maxWaitMs = Math.max(...waiting.map(waitOf));
    if (maxWaitMs > 0) onWait(waiting.length, maxWaitMs);
    for (const doubtful of waiting) await waitSince(clock, doubtful.since, waitOf(doubtful), stop);
    if (stop.aborted) return [];
    const absent = await this.#check(waiting, 2);
    for (const {row} of waiting) this.#doubtful.delete(row.line);
    return this.#free(absent);
  }

  /** Reads the rows back and journals the results. Returns the rows that are absent. */
  async #check(rows: readonly RowInDoubt[], n: 1 | 2): Promise<RowInDoubt[]> {
    if (rows.length === 0) return [];
    const {job, journal, states, existing} = this.#tools;
    const absent: RowInDoubt[] = [];
    const decisions = await this.#readBack(
      rows.map(({row}) => row),
      states.doubts,
      new Set(rows.filter(({isRefused}) => isRefused).map(({row}) => row.line)),
    );
    for (const [at, doubtful] of rows.entries()) {
      const {row, isRefused, refusal} = doubtful;
      const {line} = row;
      const decision = decisions?.[at];
      // What an undo removes may be so new that no list shows it yet: the API itself has to have said something of it.
      const isCertain = n === 2 || refusal || row.action !== 'remove' || existing === 'remove';
      journal.note({k: 'check', r: line, a: states.row(line).attempts, n, res: decision?.res ?? 'error'});
      if (decision?.res === 'found' && isCertain) {
        this.#doubtful.delete(line);
        await journal.append(foundEntry(doubtful, decision));
      } else if (decision?.res === 'exists') {
        this.#doubtful.delete(line);
        await journal.append(existsEntry(doubtful, decision, existing));
      } else if (decision?.res === 'absent' || (n === 2 && isRefused)) {
        const {whole = wholeOf(job, row)} = decision?.res === 'absent' ? decision : {};
        absent.push({...doubtful, row: row.action === 'remove' ? row : withWhole(job, row, whole)});
      } else if (n === 2) {
        const msg = decision?.res === 'ambiguous' ? decision.why : 'it could not be read back';
        await journal.append({k: 'doubt', r: line, a: states.row(line).attempts, why: 'undecided', msg});
      }
    }
    return absent;
  }

  /**
   * Reads the ids of created records whose responses were cut off before the id, for the report and for an undo. A record
   * that no query shows stays without its id.
   */
  async nameCreated(rows: readonly OutgoingRow[]): Promise<void> {
    const {journal, states} = this.#tools;
    const decisions = await this.#readBack(rows, states.createdWithoutId);
    for (const [at, {line}] of rows.entries()) {
      const decision = decisions?.[at];
      if (decision?.res === 'found' && decision.id !== undefined) {
        await journal.append({k: 'named', r: line, id: decision.id});
      }
    }
  }

  async #readBack(
    rows: readonly OutgoingRow[],
    attempts: ReadonlyMap<number, Doubt>,
    refused: ReadonlySet<number> = new Set(),
  ): Promise<DoubtDecision[] | undefined> {
    const {job, reader} = this.#tools;
    const values = rows.map((row) => row.values);
    const resultsByQuery: ReadBackResult[][] = [];
    try {
      for (const query of job.definition.readBack)
        resultsByQuery.push(await readRecords(reader, query, values, 'settle'));
    } catch (error) {
      if (error instanceof TemporaryError) return undefined;
      throw error;
    }
    return rows.map((row, at) => {
      const {sent, why} = attempts.get(row.line) ?? {};
      const doubtful = {
        ...row,
        top: sent?.top,
        isRefused: refused.has(row.line),
        isTaken: why === 'taken' || why === 'existing_record',
      };
      return decideDoubt(
        job,
        doubtful,
        resultsByQuery.map((results) => results[at]),
      );
    });
  }

  /** Rows that are proven not to be applied: refused for good, left in doubt, or free to be sent again. */
  async #free(absent: readonly RowInDoubt[]): Promise<RowInDoubt[]> {
    const {journal, states} = this.#tools;
    const again: RowInDoubt[] = [];
    for (const doubtful of absent) {
      const {line: r} = doubtful.row;
      const a = states.row(r).attempts;
      // Whether it was the API that failed: a process that died before the response says nothing about the API.
      const byApi = states.doubts.get(r)?.why !== 'no_answer';
      const resends = this.#sentAgain.get(r) ?? 0;
      const refusal = standingRefusal(doubtful, resends);
      if (refusal) {
        const {code, message: msg} = refusal;
        await journal.append({k: 'done', r, a, o: 'failed', via: 'readback', code, msg});
      } else if (resends >= maxResends || (byApi && this.#resent >= 10 + states.requests.writes / 10)) {
        // The row stays in doubt, which a later resume takes up again.
        const why = 'attempts_used_up';
        await journal.append({k: 'doubt', r, a, why, msg: 'not applied so far; resume tries again'});
      } else {
        if (byApi) this.#resent++;
        this.#sentAgain.set(r, resends + 1);
        await journal.append({k: 'not_applied', r, a});
        again.push(doubtful);
      }
    }
    return again;
  }
}

/** An update that met a conflict is tried once more: the values that it sets are the ones that are wanted. */
function standingRefusal({refusal, row}: RowInDoubt, resends: number): RowInDoubt['refusal'] {
  return row.isIdempotent && resends === 0 ? undefined : refusal;
}

function foundEntry({row}: RowInDoubt, decision: {id?: number}): Entry {
  const o = appliedOutcomes[row.action];
  return {k: 'done', r: row.line, o, via: 'readback', ...(decision.id !== undefined && {id: decision.id})};
}

/** Another client made it: it is not this run's, and no undo may remove it. */
function existsEntry(
  {row: {line: r}}: RowInDoubt,
  {id, differs}: Extract<DoubtDecision, {res: 'exists'}>,
  existing: Existing,
): Entry {
  const isAsWanted = differs.length === 0;
  if (isAsWanted && existing !== 'fail') return {k: 'unchanged', r, ...(id !== undefined && {id})};
  const code = isAsWanted ? 'exists' : 'exists_different';
  const msg = isAsWanted ? 'it was made by another client' : `it exists with another ${differs.join(', ')}`;
  return {k: 'done', r, o: 'failed', via: 'readback', code, msg};
}
