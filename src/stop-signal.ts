import {setMaxListeners} from 'node:events';
import type {Clock} from './clock.ts';

/**
 * Two ways to end: `signal` aborts when nothing new may be sent and requests in flight may end; `abort` when those have
 * to end at once, too.
 */
export class StopSignal {
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  readonly signal: AbortSignal = this.#stopping.signal;
  readonly abort: AbortSignal = this.#aborting.signal;
  /** Why the run stopped, in one word, for the journal; undefined while it goes on. */
  reason: string | undefined;

  constructor() {
    // Each request in flight listens; Node would warn of a leak from the eleventh on.
    setMaxListeners(0, this.signal, this.abort);
  }

  request(reason = 'error'): void {
    this.reason ??= reason;
    this.#stopping.abort();
  }

  abortNow(): void {
    this.request('aborted');
    this.#aborting.abort();
  }

  /** Requests in flight may take so long, unless the run is over before. */
  async abortAfter(ms: number, clock: Clock, over: AbortSignal): Promise<void> {
    await clock.sleep(ms, AbortSignal.any([this.abort, over]));
    if (!over.aborted) this.abortNow();
  }
}
