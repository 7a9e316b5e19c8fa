import {createHash, randomUUID} from 'node:crypto';
import {LockedError, Interrupted} from '../../errors.ts';
import type {Call, Reply} from '../limit-call.ts';
import type {LimitStore} from '../limit-store.ts';
import {addAccount} from '../hour-rules.ts';
import {countBySecond} from '../sent-counts.ts';
import {step} from '../step.ts';
import {type Holder, keepLease, releaseLease, takeLease, type TakenLease} from './lease.ts';
import {LinkLost} from './redis-link.ts';
import {leaseMs, proofMs, type SharedState} from './shared-state.ts';
import {SharedText, type SharedTextOptions} from './shared-text.ts';

/** A lease that was confirmed with this much left has not run out, whatever the clocks do. */
const leaseMarginMs = leaseMs / 6;
/** A process at work looks into Redis so often: within the quiet time of one that has forgotten. */
const heartbeatMs = 1000;

export interface RedisStoreOptions extends SharedTextOptions {
  /** API host and client id: all who name the same share. */
  application: string;
  /** Where this process is alone with its local lock; undefined where that is unknown. */
  machine: string | undefined;
}

interface Pending {
  call: Call;
  resolve: (reply: Reply) => void;
  reject: (error: unknown) => void;
}

/**
 * The limits of an application in Redis, where all processes share them, and the lease that makes one process the
 * sender of a job. What is not in Redis: rows. A Redis that loses its memory costs a few seconds, and the settle time
 * for a run that begins then.
 */
export class RedisStore implements LimitStore {
  readonly process = randomUUID();
  readonly maxBatch = 8;
  readonly maxSleepMs = 1000;
  readonly #options: RedisStoreOptions;
  readonly #text: SharedText;
  readonly #machine: string;
  readonly #closing = new AbortController();
  #giveUp = this.#closing.signal;
  #holder: Holder | undefined;
  #isLost = false;
  #pending: Pending[] = [];
  #isFlushing = false;
  #isKeptAlive = false;
  /** What earlier processes of this machine sent, until Redis knows it. */
  #recent: readonly number[] = [];

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#text = new SharedText(`bulk42:{${digest(options.application)}}:3`, options);
    this.#machine = `${options.machine === undefined ? randomUUID() : digest(options.machine)}/`;
  }

  get epoch(): string {
    return this.#text.state?.epoch ?? '';
  }

  /** Where Redis is, for messages. */
  get shown(): string {
    return this.#options.link.shown;
  }

  get leadMs(): number {
    return this.#text.leadMs;
  }

  get blurMs(): number {
    return this.#text.offset.blurMs;
  }

  toMono(storeMs: number): number {
    return storeMs - this.#text.offset.offset;
  }

  toStore(monoMs: number): number {
    return monoMs + this.#text.offset.offset;
  }

  isProven(monoMs: number): boolean {
    const aheadMs = Math.max(0, monoMs - this.#options.clock.mono());
    return !this.#isLost && this.#text.ageMs + aheadMs < proofMs;
  }

  get mayStillSend(): boolean {
    const {state} = this.#text;
    if (this.#isLost || !this.#holder) return !this.#isLost;
    const until = state?.leases[this.#holder.work]?.until ?? 0;
    return this.#text.ageMs < until - (state?.now ?? 0) - leaseMarginMs;
  }

  /** False from the moment that another machine is known to have the lease. */
  get isHeld(): boolean {
    return !this.#isLost;
  }

  open(recent: readonly number[], stop: AbortSignal): void {
    this.#recent = recent;
    this.#giveUp = AbortSignal.any([stop, this.#closing.signal]);
    void this.#keepAlive();
  }

  /**
   * Whether Redis can be used, without waiting for one that is gone.
   *
   * @throws TemporaryError (75), RefusedError (77), ConfigurationError (78)
   */
  async inspect(): Promise<{sharers: number; tripMs: number; version: string | undefined}> {
    const {clock, link} = this.#options;
    try {
      await this.#heartbeat();
      const asked = clock.mono();
      const [reply] = await this.#heartbeat();
      const {sharers = 1} = reply?.limits ?? {};
      return {sharers, tripMs: clock.mono() - asked, version: link.version};
    } catch (error) {
      throw error instanceof LinkLost ? this.#text.gaveUp(error) : error;
    }
  }

  apply(call: Call): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#pending.push({call, resolve, reject});
      if (!this.#isFlushing) void this.#flush();
    });
  }

  /** One exchange after the other; the calls that come meanwhile go together into the next one. */
  async #flush(): Promise<void> {
    this.#isFlushing = true;
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0);
      const calls = batch.map(({call}) => call);
      try {
        const replies = await this.#text.insist((state) => this.#step(state, calls), this.#giveUp);
        this.#recent = [];
        batch.forEach(({resolve}, at) => resolve(replies[at] as Reply));
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    this.#isFlushing = false;
  }

  #step(given: SharedState, calls: readonly Call[]): {state: SharedState; result: Reply[]} {
    let state = given;
    if (this.#holder) {
      const kept = keepLease(state, this.#holder);
      if (!kept) {
        this.#isLost = true;
        throw takenOver();
      }
      state = kept;
    }
    let {limits} = state;
    if (this.#recent.length > 0) {
      const wall = this.#options.clock.wall();
      const sent = countBySecond(this.#recent.map((each) => state.now - Math.max(0, wall - each)));
      limits = {...limits, hour: addAccount(limits.hour, sent)};
    }
    const result = calls.map((call) => {
      const stepped = step(limits, call, state.now);
      limits = stepped.state;
      return stepped.reply;
    });
    return {state: {...state, limits}, result};
  }

  #heartbeat(): Promise<Reply[]> {
    return this.#text.change((state) => this.#step(state, [{kind: 'heartbeat', process: this.process}]));
  }

  async #keepAlive(): Promise<void> {
    if (this.#isKeptAlive) return;
    this.#isKeptAlive = true;
    const {signal} = this.#closing;
    while (!signal.aborted && !this.#isLost) {
      const leftMs = heartbeatMs - this.#text.ageMs;
      if (leftMs <= 0 && !this.#isFlushing) await this.#heartbeat().catch(() => undefined);
      await this.#options.clock.sleep(leftMs > 0 ? leftMs : heartbeatMs, signal);
    }
  }

  /**
   * Makes this process the one sender of a job, on all machines. `ledger` names the state folder, whose runs know what
   * was written by others of the same; `settleMs`: so long a reading may not show what this one will write.
   *
   * @throws LockedError while another machine is at it, TemporaryError when Redis stays away.
   */
  async lease(
    {job, ledger, settleMs}: {job: string; ledger: string; settleMs: number},
    waitMs: number,
    signal: AbortSignal,
  ): Promise<TakenLease> {
    const {clock} = this.#options;
    const machine = this.#machine;
    const token = machine + this.process;
    const holder = {work: digest(job), machine, token, ledger, settleMs, isWriting: false};
    const start = clock.mono();
    while (!signal.aborted) {
      const {lease, waitMs: freeInMs} = await this.#text.insist((state) => takeLease(state, holder), signal);
      if (lease) {
        this.#holder = holder;
        void this.#keepAlive();
        return lease;
      }
      if (freeInMs === undefined && clock.mono() - start >= waitMs) throw busy();
      await clock.sleep(freeInMs ?? 500, signal);
    }
    throw new Interrupted();
  }

  /** Before the first write: other machines know from now on that there may be some, whatever becomes of this process. */
  async beginWriting(settleMs: number, signal: AbortSignal): Promise<void> {
    this.settleWithin(settleMs);
    if (this.#holder) this.#holder.isWriting = true;
    await this.#text.insist((state) => this.#step(state, []), signal);
  }

  /** So long a reading may not show what this process wrote. */
  settleWithin(ms: number): void {
    if (this.#holder) this.#holder.settleMs = Math.max(this.#holder.settleMs, ms);
  }

  /** Writes the calls that wait, and releases the lease and this process' share. */
  async close(): Promise<void> {
    this.#closing.abort();
    const calls = this.#pending.splice(0).map(({call}) => call);
    const leave = (given: SharedState) => {
      const {state} = this.#step(given, [...calls, {kind: 'leave', process: this.process}]);
      return {state: this.#holder ? releaseLease(state, this.#holder) : state, result: undefined};
    };
    if (this.epoch !== '') await this.#text.change(leave).catch(() => undefined);
    this.#options.link.close();
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function busy(): LockedError {
  return new LockedError('another machine is at work on this job', {
    code: 'locked_elsewhere',
    hint: 'wait for it to end, or let this one wait with --wait-lock <seconds>',
  });
}

function takenOver(): LockedError {
  return new LockedError('another machine has gone on with this run, or may have while Redis was away', {
    code: 'taken_over',
    hint: 'once it is done there, look what is left here: bulk42 resume last',
  });
}
