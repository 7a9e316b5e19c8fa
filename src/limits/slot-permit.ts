import type {Clock} from '../clock.ts';
import type {HttpResult} from '../http/http-result.ts';
import type {Limits, Outcome, Purpose} from './limit-call.ts';
import type {LimitStore} from './limit-store.ts';
import type {Permit} from './permit.ts';
import {maxRetryAfterMs, rateLimited} from './rate-limited.ts';
import type {RoundTrips} from './round-trips.ts';
import {unpacedPerSecond} from './second-rules.ts';
import {toOutcome} from './to-outcome.ts';

/** When one request may leave. */
export interface Slot {
  /** Of the permit; undefined where there was no limit to ask for. */
  id: string | undefined;
  /** On our monotonic clock. */
  at: number;
  /** The store's memory that knows of it, and how many times slots had been made void before it. */
  epoch: string;
  generation: number;
  /** By how much it may be missed: so much later the store expects its request at the latest. */
  maxLateMs: number;
}

/** The limiter, as its permits see it. */
export interface PermitHost {
  readonly options: {clock: Clock; store: LimitStore; random?: () => number};
  readonly trips: RoundTrips;
  readonly limits: Limits;
  readonly generation: number;
  readonly failure: Error | undefined;
  /** When the last request was ready. */
  lastReady: number;
  askForSlots(
    ids: readonly string[],
    purpose: Purpose,
    isLate: boolean,
  ): Promise<{slots: Slot[]; waitMs?: number}>;
  confirm(): Promise<void>;
  complete(id: string | undefined, outcome: Outcome): Promise<void>;
  fail(error: unknown): void;
}

/** A request that has its intent on the disk waits for no longer: it is given up and acquires another permit. */
const maxHeldMs = 10_000;

/**
 * A permit with a slot:
 *
 *   acquired ──▶ slot is near ──▶ intent on disk ──▶ ready: is the slot still good? ──▶ leaves in it ──▶ complete
 *
 * A slot that was missed, or that a pause or a lost memory has made void, is exchanged for another one.
 */
export class SlotPermit implements Permit {
  readonly #host: PermitHost;
  readonly #purpose: Purpose;
  readonly #signal: AbortSignal;
  #slot: Slot;
  #departed: number | undefined;
  #isOpen = true;

  constructor(host: PermitHost, slot: Slot, purpose: Purpose, signal: AbortSignal) {
    this.#host = host;
    this.#slot = slot;
    this.#purpose = purpose;
    this.#signal = signal;
  }

  async ready(): Promise<boolean> {
    const {options, limits, trips} = this.#host;
    const {clock, store} = options;
    const distance = limits.perSecond >= unpacedPerSecond ? 0 : 1000 / limits.perSecond;
    try {
      while (this.#isOpen && !this.#signal.aborted && !this.#host.failure) {
        const now = clock.mono();
        // The request before it may have left late.
        const from = Math.max(this.#slot.at, this.#host.lastReady + distance);
        const isLate = distance > 0 && now > this.#slot.at + this.#slot.maxLateMs;
        if (isLate) trips.learnLateness(now, now - this.#slot.at);
        if (this.#isVoid(isLate)) {
          if (!(await this.#exchange())) break;
        } else if (!store.isProven(from)) {
          await clock.sleep(from - store.leadMs - now, this.#signal);
          await this.#host.confirm();
        } else if (from > now) {
          await clock.sleep(from - now, this.#signal);
        } else {
          trips.learnLateness(now, Math.max(0, now - from));
          this.#host.lastReady = now;
          return true;
        }
      }
    } catch (error) {
      this.#host.fail(error);
    }
    this.cancel();
    return false;
  }

  mayLeave(): boolean {
    const {clock, store} = this.#host.options;
    this.#departed = clock.mono();
    return store.mayStillSend;
  }

  complete(result: HttpResult): void {
    const {clock, store, random = Math.random} = this.#host.options;
    const {at} = this.#slot;
    const departed = this.#departed ?? at;
    const outcome = toOutcome(result, random);
    const {retryAfterMs = 0} = outcome;
    if (retryAfterMs > maxRetryAfterMs) this.#host.fail(rateLimited({forMs: retryAfterMs}));
    const excessMs = this.#host.trips.learn(
      at,
      departed,
      clock.mono(),
      'runtimeMs' in result ? result.runtimeMs : undefined,
    );
    const {blurMs} = store;
    this.#end({...outcome, departed: store.toStore(departed) - blurMs, excessMs: excessMs + 2 * blurMs});
  }

  cancel(): void {
    this.#end({kind: 'unsent', jitterMs: 0});
  }

  #end(outcome: Outcome): void {
    const isOpen = this.#isOpen;
    this.#isOpen = false;
    if (isOpen) void this.#host.complete(this.#slot.id, outcome);
  }

  #isVoid(isLate: boolean): boolean {
    const {id, epoch, generation} = this.#slot;
    const isLost = epoch !== this.#host.options.store.epoch || generation !== this.#host.generation;
    return id !== undefined && (isLate || isLost);
  }

  /** Another slot, after the pause that there may be. False where that is too long. */
  async #exchange(): Promise<boolean> {
    const {slots, waitMs = 0} = await this.#host.askForSlots([this.#slot.id ?? ''], this.#purpose, true);
    const [slot] = slots;
    if (slot) this.#slot = slot;
    else if (waitMs > maxHeldMs) return false;
    else await this.#host.options.clock.sleep(waitMs, this.#signal);
    return true;
  }
}
