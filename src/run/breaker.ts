import {type Clock, type Instant, instant, surelyElapsed, waitSince} from '../clock.ts';
import {LimitError} from '../errors.ts';

export interface BreakerOptions {
  clock: Clock;
  stop: AbortSignal;
  /** One harmless GET: true when the API answers at all. */
  isAlive: () => Promise<boolean>;
  /** Told when writing pauses, for how long. */
  onPause: (ms: number) => void;
}

const pauseMs = 60_000;
/** Over all openings. */
const longestPaused = 15 * 60_000;
const consecutive = 5;
const ofTheLast = {outages: 10, outcomes: 20};
const mostOpenings = 3;

/**
 * Stops writing when the API is down, since each write to a failing server is a row in doubt.
 *
 * closed ──5 outages in a row, or 10 of the last 20──▶ open: no writes for 60 s, then a harmless GET
 * open ──the GET is answered──▶ on trial: one write at a time
 * on trial ──it works──▶ closed;  ──an outage──▶ open again. The third opening ends the run,
 * and so do 15 minutes of pauses in all.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #recent: boolean[] = [];
  #inARow = 0;
  #openings = 0;
  /** By the openings that are over, in milliseconds. */
  #paused = 0;
  #openSince: Instant | undefined;
  #closing: Promise<void> | undefined;
  #onTrial = false;
  #trial: Promise<void> | undefined;
  #endTrial: (() => void) | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Waits until a write may be tried. @throws LimitError when the API stays down. */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#options.stop.aborted) return;
      if (this.#openings >= mostOpenings) throw this.#down();
      if (this.#openSince) await (this.#closing ??= this.#waitForLife(this.#openSince));
      else if (this.#trial) await this.#trial;
      else break;
    }
    if (this.#onTrial) this.#trial = new Promise((resolve) => (this.#endTrial = resolve));
  }

  /** A write that was let through was not sent after all. */
  release(): void {
    this.#endTrial?.();
    this.#trial = this.#endTrial = undefined;
  }

  /** How a write ended: `outage` for no answer or a server error. */
  ended(outage: boolean): void {
    this.release();
    this.#recent = [...this.#recent, outage].slice(-ofTheLast.outcomes);
    this.#inARow = outage ? this.#inARow + 1 : 0;
    if (!outage) this.#onTrial = false;
    const often = this.#recent.filter(Boolean).length >= ofTheLast.outages;
    if (outage && !this.#openSince && (this.#onTrial || often || this.#inARow >= consecutive)) this.#open();
  }

  #open(): void {
    this.#openings++;
    this.#openSince = instant(this.#options.clock);
    this.#recent = [];
    if (this.#openings < mostOpenings) this.#options.onPause(pauseMs);
  }

  async #waitForLife(since: Instant): Promise<void> {
    const {clock, stop, isAlive} = this.#options;
    await waitSince(clock, since, pauseMs, stop);
    while (!stop.aborted && !(await isAlive())) {
      if (this.#paused + surelyElapsed(clock, since) >= longestPaused) throw this.#down();
      await clock.sleep(pauseMs, stop);
    }
    this.#paused += surelyElapsed(clock, since);
    this.#openSince = this.#closing = undefined;
    this.#onTrial = true;
  }

  #down(): LimitError {
    return new LimitError('the API keeps failing: it gives server errors or no answer at all', {
      code: 'outage',
      hint: 'wait until the intra is well again, then resume the run; what is in doubt is settled first',
    });
  }
}
