import {stat} from 'node:fs/promises';
import {type Clock, instant} from '../clock.ts';
import {InputError} from '../errors.ts';
import {HashKey} from '../files/hash-key.ts';
import {currentMoment} from '../files/moment.ts';
import type {Entry} from '../journal/entry.ts';
import type {Replayed} from '../journal/replay.ts';
import {shellQuote} from '../shell-quote.ts';
import {findRuns, type FoundRun, type OpenWork, type OpenWorkQuery, readOpenWork} from './open-work.ts';
import {readJournalEnds} from './read-journal-ends.ts';
import {Registry} from './registry.ts';
import {runDirectory, type RunDirectory} from './run-directory.ts';

export interface LedgerOptions {
  stateFolder: string;
  /** API host and client id. */
  application: string;
  /** The runs folder of this command. */
  out: string;
  /** The settle time in force. */
  settleMs: number;
  clock: Clock;
  /** Nothing will be sent, and nothing is noted. */
  isReadOnly: boolean;
}

/**
 * What this machine knows of an application's own work: which runs are unfinished, in whatever folder, and what they
 * wrote so shortly ago that a reading may not show it.
 */
export class ApplicationLedger {
  readonly hashKey: HashKey;
  readonly #options: LedgerOptions;
  readonly #registry: Registry;

  private constructor(options: LedgerOptions, hashKey: HashKey) {
    this.#options = options;
    this.hashKey = hashKey;
    this.#registry = new Registry(options.stateFolder, options.application);
  }

  static async open(options: LedgerOptions): Promise<ApplicationLedger> {
    const {stateFolder, isReadOnly} = options;
    const hashKey = isReadOnly
      ? ((await HashKey.find(stateFolder)) ?? HashKey.make())
      : await HashKey.open(stateFolder);
    return new ApplicationLedger(options, hashKey);
  }

  /** What is under way. Of a resumed run the journals of others are no concern but for what they wrote. */
  async openWork({
    job,
    baseUrl,
    except,
  }: Pick<OpenWorkQuery, 'job' | 'baseUrl' | 'except'>): Promise<OpenWork> {
    const {out, clock, settleMs, isReadOnly} = this.#options;
    const now = currentMoment(clock);
    const work = await readOpenWork({
      out,
      registered: await this.#registry.list(),
      job,
      baseUrl,
      except,
      keyId: this.hashKey.id,
      settleMs,
      now,
      foundAt: instant(clock),
      isTolerant: isReadOnly || except !== undefined,
    });
    // When they were last written is not known, so that their time begins now, once.
    for (const entry of isReadOnly ? [] : work.gone)
      if (!entry.left) await this.#registry.update(entry.folder, (each) => ({...each, left: now}));
    return work;
  }

  /** Every run of a job that can be found: in this runs folder, and in others that this machine has used. */
  async runsOf(job: string): Promise<FoundRun[]> {
    return findRuns({out: this.#options.out, registered: await this.#registry.list(), job});
  }

  /** What a journal says when a process takes its run. */
  openEntry(): Extract<Entry, {k: 'open'}> {
    const {clock, settleMs} = this.#options;
    const {boot, up} = currentMoment(clock);
    return {
      k: 'open',
      pid: process.pid,
      settleMs,
      keyId: this.hashKey.id,
      at: {boot, up},
    };
  }

  /** Notes a run whose journal has its header, before its first request. */
  async take({path, journal}: RunDirectory): Promise<void> {
    const {clock, settleMs} = this.#options;
    const {header} = await readJournalEnds(journal);
    if (!header) throw new Error('the journal has no header yet');
    const {run, job, jobFile, jobHash, t: began} = header;
    const facts = {run, job, jobHash, began, settleMs, ...(jobFile !== undefined && {jobFile})};
    await this.#registry.take(path, facts, currentMoment(clock));
  }

  /**
   * Where the run went on after this copy of its journal was made, rows that the copy calls left may be applied.
   *
   * @throws InputError (exit 65) that names the folder in which it went on
   */
  async refuseOlderCopy({path}: RunDirectory, {header, end}: Replayed): Promise<void> {
    const bytes = end.bytes + end.torn;
    for (const entry of await this.#registry.list()) {
      if (entry.run !== header.run || entry.began !== header.t) continue;
      const {size} = await stat(runDirectory(entry.folder).journal).catch(() => ({size: 0}));
      if (bytes < Math.max(size, entry.journalBytes ?? 0)) throw olderCopy(path, entry.folder, size > bytes);
    }
  }

  /** Notes that its process is about to end in an orderly way. */
  async leave({path}: RunDirectory, {states, state, settleMs, end}: Replayed): Promise<void> {
    const left = currentMoment(this.#options.clock);
    const isSettled = state === 'finished' && states.counts.not_started + states.counts.in_doubt === 0;
    await this.#registry.update(path, (entry) => ({
      ...entry,
      settleMs: Math.max(entry.settleMs, settleMs),
      left,
      journalBytes: end.bytes,
      ...(isSettled && {isSettled}),
    }));
  }
}

function olderCopy(path: string, folder: string, isThere: boolean): InputError {
  const goOn = isThere
    ? `bulk42 resume ${shellQuote(folder)}`
    : `put the newer journal back, or: bulk42 runs --remove ${shellQuote(path)}, and run the file again`;
  return new InputError(
    `the run went on after this copy of its journal was made, in ${folder}: rows that it calls left may be applied`,
    {code: 'journal_older', hint: goOn},
  );
}
