import {type Clock, instant} from '../clock.ts';
import {HashKey} from '../files/hash-key.ts';
import {currentMoment} from '../files/moment.ts';
import type {Entry, HeaderEntry} from '../journal/entry.ts';
import type {Replayed} from '../journal/replay.ts';
import {findRuns, type FoundRun, type OpenWork, readOpenWork} from './open-work.ts';
import {Registry} from './registry.ts';
import type {RunDirectory} from './run-directory.ts';

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

interface Work {
  job: string;
  baseUrl: string;
  /** The folder of a run that is resumed. */
  except?: string | undefined;
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
  async openWork({job, baseUrl, except}: Work): Promise<OpenWork> {
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

  /** Notes a run whose journal exists, before its first request. */
  async take({path}: RunDirectory, {run, job, jobFile, jobHash}: RunIdentity): Promise<void> {
    const {clock, settleMs} = this.#options;
    const facts = {run, job, jobHash, settleMs, ...(jobFile !== undefined && {jobFile})};
    await this.#registry.take(path, facts, currentMoment(clock));
  }

  /** Notes that its process is about to end in an orderly way. */
  async leave({path}: RunDirectory, {states, state, settleMs}: LeftRun): Promise<void> {
    const left = currentMoment(this.#options.clock);
    const isSettled = state === 'finished' && states.counts.not_started + states.counts.in_doubt === 0;
    await this.#registry.update(path, (entry) => ({
      ...entry,
      settleMs: Math.max(entry.settleMs, settleMs),
      left,
      ...(isSettled && {isSettled}),
    }));
  }
}

type RunIdentity = Pick<HeaderEntry, 'run' | 'job' | 'jobFile' | 'jobHash'>;
type LeftRun = Pick<Replayed, 'state' | 'settleMs'> & {states: Pick<Replayed['states'], 'counts'>};
