import {setImmediate} from 'node:timers/promises';
import {onTestFinished, vi} from 'vitest';
import type {Clock} from '../../../src/clock.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** Time that stands still while Redis is asked, and else jumps to when the next one wakes. */
export class VirtualTime implements Clock {
  #now: number;
  #asking = 0;
  readonly #start: number;
  readonly #sleepers = new Set<Sleeper>();

  /** How much later than asked a sleeper wakes: a machine that is busy with something else. */
  readonly #heldUp: () => number;

  constructor(start: number, heldUp: () => number = () => 0) {
    this.#start = this.#now = start;
    this.#heldUp = heldUp;
    // bottleneck starts each request by a timer of no time.
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    onTestFinished(() => void vi.useRealTimers());
  }

  wall(): number {
    return this.#now;
  }

  mono(): number {
    return this.#now - this.#start + 5000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!(ms > 0) || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        // Whole milliseconds, as timers are.
        until: this.#now + Math.ceil(ms) + this.#heldUp(),
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

  /** Something that takes no time, however long it takes. */
  async during<T>(asking: Promise<T>): Promise<T> {
    this.#asking++;
    try {
      return await asking;
    } finally {
      this.#asking--;
    }
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await this.#settle();
      let next: Sleeper | undefined;
      for (const each of this.#sleepers) if (!next || each.until < next.until) next = each;
      if (!next || next.until > end) break;
      this.#now = Math.max(this.#now, next.until);
      next.wake();
    }
    this.#now = end;
    await this.#settle();
  }

  async #settle(): Promise<void> {
    for (let calm = 0; calm < 4; calm++) {
      await setImmediate();
      if (this.#asking > 0) calm = 0;
      // No longer than that, since the client of Redis has timers, too.
      else vi.advanceTimersByTime(1);
    }
  }
}
