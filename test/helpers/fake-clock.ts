import {setImmediate} from 'node:timers/promises';
import type {Clock} from '../../src/clock.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** A clock that stands still until a test moves it; its wall clock can be set without time passing. */
export class FakeClock implements Clock {
  #wall: number;
  #mono = 5000;
  readonly #sleepers = new Set<Sleeper>();
  /** What was slept, or is being slept, in order. */
  readonly slept: number[] = [];

  constructor(wall = Date.UTC(2026, 10, 23, 8, 42)) {
    this.#wall = wall;
  }

  wall(): number {
    return this.#wall;
  }

  mono(): number {
    return this.#mono;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!(ms > 0) || signal?.aborted) return Promise.resolve();
    this.slept.push(ms);
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        until: this.#mono + ms,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake);
    });
  }

  /** Lets time pass on both clocks; sleepers wake in the right order, and may sleep again. */
  async advance(ms: number): Promise<void> {
    const end = this.#mono + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].sort((one, other) => one.until - other.until)[0];
      if (!next || next.until > end) break;
      this.#move(next.until - this.#mono);
      next.wake();
    }
    this.#move(end - this.#mono);
    await settle();
  }

  /** Sets the wall clock, as an administrator would; or the machine sleeps (on Linux the monotonic clock stops then). */
  setWall(byMs: number): void {
    this.#wall += byMs;
  }

  #move(ms: number): void {
    this.#wall += ms;
    this.#mono += ms;
  }
}

/** Until every promise that can be settled without time passing is settled. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
