import type {Clock} from '../clock.ts';
import {addAccount} from './hour-rules.ts';
import type {Call, Reply} from './limit-call.ts';
import {emptyState} from './limit-state.ts';
import type {LimitStore} from './limit-store.ts';
import {countBySecond} from './sent-counts.ts';
import {step} from './step.ts';

/** The limits of a process that is alone: the state is in memory, its clock is the monotonic one. */
export class MemoryStore implements LimitStore {
  readonly process = 'this';
  readonly epoch = '';
  readonly maxBatch = 1;
  readonly maxSleepMs = 60_000;
  readonly leadMs = 0;
  readonly blurMs = 0;
  readonly mayStillSend = true;
  readonly #clock: Clock;
  readonly #aheadMs: number;
  #state = emptyState();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#aheadMs = clock.wall() - clock.mono();
  }

  open(recent: readonly number[]): void {
    const [wall, now] = [this.#clock.wall(), this.toStore(this.#clock.mono())];
    const sent = countBySecond(recent.map((each) => now - Math.max(0, wall - each)));
    this.#state = {...this.#state, hour: addAccount(this.#state.hour, sent)};
  }

  apply(call: Call): Promise<Reply> {
    const {state, reply} = step(this.#state, call, this.toStore(this.#clock.mono()));
    this.#state = state;
    return Promise.resolve(reply);
  }

  toMono(storeMs: number): number {
    return storeMs - this.#aheadMs;
  }

  toStore(monoMs: number): number {
    return monoMs + this.#aheadMs;
  }

  isProven(): boolean {
    return true;
  }
}
