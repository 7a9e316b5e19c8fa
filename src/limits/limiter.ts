import {randomUUID} from 'node:crypto';
import Bottleneck from 'bottleneck';
import type {Clock} from '../clock.ts';
import {Interrupted} from '../errors.ts';
import {countlessPerHour} from './hour-rules.ts';
import type {Call, Caller, Limits, Outcome, Purpose, Reply} from './limit-call.ts';
import type {LimitWait} from './limit-state.ts';
import type {LimitStore} from './limit-store.ts';
import type {Permit} from './permit.ts';
import {maxRefusals, rateLimited} from './rate-limited.ts';
import {RoundTrips} from './round-trips.ts';
import {unpacedPerSecond} from './second-rules.ts';
import {type PermitHost, type Slot, SlotPermit} from './slot-permit.ts';

export interface LimiterOptions {
  clock: Clock;
  store: LimitStore;
  /** How long a request may take, in milliseconds. */
  timeoutMs: number;
  /** Ceilings that the user gave; undefined = what the API says. */
  perSecond?: number | undefined;
  perHour?: number | undefined;
  /** Called with the wall time of every request that counts. */
  onSend?: (wall: number) => void;
  /** Called when requests have to wait, with the reason and about how long. */
  onWait?: (reason: LimitWait, ms: number) => void;
  random?: () => number;
}

/** bottleneck's: the smaller, the sooner. A request that gave way to a more urgent one goes before its like. */
const priorities: Record<Purpose, number> = {token: 1, probe: 3, settle: 5, read: 7, write: 9};
/** Between acquiring a permit and sending its request, the intent goes to the disk. */
const prepareMs = 50;
const minAnnouncedWaitMs = 10_000;

/**
 * The one way to a request: every request of the application, tokens and probes included, acquires a permit. The
 * rules are those of `step`, applied to the state in a store; bottleneck orders what waits in front of it.
 */
export class Limiter implements PermitHost {
  readonly options: LimiterOptions;
  readonly trips = new RoundTrips();
  /** Grows when slots that were given before are void. */
  generation = 0;
  lastReady = -Infinity;
  failure: Error | undefined;
  readonly #store: LimitStore;
  readonly #queue = new Bottleneck({maxConcurrent: 1});
  /** How many requests wait in the queue, by priority. */
  readonly #waiting = Array.from({length: 10}, () => 0);
  /** Slots for requests that are still in the queue. */
  #stock: Slot[] = [];
  /** The request that asks the store, and what ends its sleep. */
  #asking: {priority: number; wake: AbortController} | undefined;
  #wakes = 0;
  #limits: Limits;
  #refusals = 0;
  #pausedUntil = 0;
  #reserve = 0;
  #probe: (() => Promise<unknown>) | undefined;
  #announced = 0;

  constructor(options: LimiterOptions) {
    this.options = options;
    this.#store = options.store;
    const {perSecond = 2, perHour = 1200} = options;
    this.#limits = {perSecond, perHour, left: perHour};
    void this.confirm().catch((error: unknown) => this.fail(error));
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** How a request is sent that asks for how long nothing is left; it acquires a permit, like every other. */
  probeWith(probe: () => Promise<unknown>): void {
    this.#probe = probe;
  }

  /** Requests of the hour that only settling may use. */
  reserve(requests: number): void {
    this.#reserve = requests;
    this.wake();
  }

  /** Nothing is spaced and nothing is counted: there is no need to ask. */
  get isUnlimited(): boolean {
    const {perSecond, perHour} = this.#limits;
    const isPaused = this.#refusals > 0 || this.#store.toMono(this.#pausedUntil) > this.options.clock.mono();
    return perSecond >= unpacedPerSecond && perHour >= countlessPerHour && !isPaused;
  }

  /**
   * Waits until one request may be prepared.
   *
   * @throws Interrupted when the signal aborted first, TemporaryError when the API goes on refusing
   */
  async acquire(purpose: Purpose, signal: AbortSignal): Promise<Permit> {
    this.#throwIfOver(signal);
    const {clock, onSend} = this.options;
    if (this.isUnlimited)
      return new SlotPermit(this, this.#slot(undefined, clock.mono(), 0), purpose, signal);
    let slot: Slot | undefined;
    for (let priority = priorities[purpose]; !slot; priority = priorities[purpose] - 1) {
      this.#count(priority, 1);
      if (this.#asking && this.#asking.priority > priority) this.wake();
      slot = await this.#queue.schedule({priority}, () => this.#ask(purpose, priority, signal));
    }
    if (this.#limits.perHour < countlessPerHour) onSend?.(clock.wall() + slot.at - clock.mono());
    const permit = new SlotPermit(this, slot, purpose, signal);
    await clock.sleep(slot.at - prepareMs - clock.mono(), signal);
    if (!signal.aborted) return permit;
    permit.cancel();
    throw new Interrupted();
  }

  /** Asks the store until it gives a slot; gives none where a more urgent request has come. */
  async #ask(purpose: Purpose, priority: number, signal: AbortSignal): Promise<Slot | undefined> {
    this.#count(priority, -1);
    for (;;) {
      this.#throwIfOver(signal);
      const stocked = this.#stock.shift();
      if (stocked) return stocked;
      const length = Math.min(this.#store.maxBatch, 1 + (this.#waiting[priority] ?? 0));
      const ids = Array.from({length}, () => randomUUID());
      const wakes = this.#wakes;
      const reply = await this.askForSlots(ids, purpose, false);
      this.#stock = reply.slots;
      if (this.#stock.length > 0) continue;
      const {waitMs = 0, isToAsk} = reply;
      if (isToAsk) void this.#probe?.().catch((error: unknown) => this.fail(error));
      this.#announce(reply);
      const isOutranked = () => this.#waiting.some((waiting, other) => waiting > 0 && other < priority);
      if (wakes === this.#wakes && !isOutranked()) await this.#sleep(waitMs, priority, signal);
      if (isOutranked()) return undefined;
    }
  }

  async askForSlots(
    ids: readonly string[],
    purpose: Purpose,
    isLate: boolean,
  ): Promise<Omit<Reply, 'slots'> & {slots: Slot[]}> {
    const {leadMs, blurMs} = this.#store;
    const {spreadMs, maxLateMs} = this.trips;
    const reply = await this.#apply({
      kind: 'acquire',
      ids,
      purpose,
      isLate,
      leadMs,
      aheadMs: prepareMs + 2 * leadMs,
      spreadMs: spreadMs + 2 * blurMs,
      flightMs: this.options.timeoutMs + 30_000,
      reserve: this.#reserve,
      canAsk: this.#probe !== undefined,
    });
    return {
      ...reply,
      slots: reply.slots.map((at, n) => this.#slot(ids[n], this.#store.toMono(at), maxLateMs)),
    };
  }

  /** Gives the result of a request to the store; of one that needed no permit only where a response shows limits. */
  async complete(id: string | undefined, outcome: Outcome): Promise<void> {
    const {kind, perSecond = Infinity, perHour = Infinity} = outcome;
    const isLimited = kind === 'refused' || perSecond < unpacedPerSecond || perHour < countlessPerHour;
    if (id === undefined && !isLimited) return;
    try {
      const {refusals} = await this.#apply({kind: 'complete', id, outcome});
      if (outcome.kind === 'refused' && refusals >= maxRefusals) this.fail(rateLimited({inARow: refusals}));
    } catch (error) {
      this.fail(error);
    }
    this.wake();
  }

  /** Waits until the store has confirmed what it gave. */
  async confirm(): Promise<void> {
    await this.#apply({kind: 'heartbeat'});
  }

  fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error('something was thrown that is no error');
    this.wake();
  }

  /** Something new is known. */
  wake(): void {
    this.#wakes++;
    this.#asking?.wake.abort();
  }

  async #apply(call: DistributiveOmit<Call, keyof Caller>): Promise<Reply> {
    const {perSecond, perHour, store} = this.options;
    const reply = await store.apply({...call, process: store.process, perSecond, perHour});
    this.#limits = reply.limits;
    this.#refusals = reply.refusals;
    if (reply.pausedUntil > this.#pausedUntil) this.generation++;
    this.#pausedUntil = reply.pausedUntil;
    return reply;
  }

  #slot(id: string | undefined, at: number, maxLateMs: number): Slot {
    return {id, at, epoch: this.#store.epoch, generation: this.generation, maxLateMs};
  }

  #count(priority: number, change: number): void {
    this.#waiting[priority] = (this.#waiting[priority] ?? 0) + change;
  }

  #throwIfOver(signal: AbortSignal): void {
    if (signal.aborted) throw new Interrupted();
    if (this.failure) throw this.failure;
  }

  /** Sleeps until the time is over, something new is known, a more urgent request comes, or the signal aborts. */
  async #sleep(ms: number, priority: number, signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const onAbort = () => wake.abort();
    signal.addEventListener('abort', onAbort);
    this.#asking = {priority, wake};
    await this.options.clock.sleep(Math.min(ms, this.#store.maxSleepMs), wake.signal);
    this.#asking = undefined;
    signal.removeEventListener('abort', onAbort);
  }

  /** Once for each wait, not once for each request that waits. */
  #announce({reason, waitMs = 0}: Pick<Reply, 'reason' | 'waitMs'>): void {
    const isWorthTelling = reason === 'refused' || (reason === 'hour' && waitMs >= minAnnouncedWaitMs);
    if (!isWorthTelling || !Number.isFinite(waitMs)) return;
    const until = this.options.clock.mono() + waitMs;
    if (Math.abs(until - this.#announced) < 1000) return;
    this.#announced = until;
    this.options.onWait?.(reason, waitMs);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
