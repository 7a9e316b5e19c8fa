import {type Clock, type Instant, instant, minElapsedMs, waitSince} from '../clock.ts';
import {type Bulk42Error, LimitError, RefusedError, TemporaryError} from '../errors.ts';

/** Why writing may have to pause; `firewall`: a page in front of the API answered instead of it. */
export type PauseReason = 'outage' | 'unreachable' | 'firewall';

/** What the end of a write tells of the API. */
export type WriteEnd = 'answered' | PauseReason;

export interface BreakerOptions {
  clock: Clock;
  stop: AbortSignal;
  /** One harmless GET: true when the API answers at all. */
  isAlive: () => Promise<boolean>;
  /** Told when writing pauses, why and for how long. */
  onPause: (why: PauseReason, ms: number) => void;
}

const pauseMs = 60_000;
/** Over all openings. */
const maxPausedMs = 15 * 60_000;
const consecutive = 5;
const ofTheLast = {outages: 10, outcomes: 20};
const maxOpenings = 3;

/**
 * Stops writing when the API is down, since each write to a failing server is a row in doubt, and when a firewall
 * turns writes away, since going on would confirm it.
 *
 * closed ──5 outages in a row, or 10 of the last 20, or a firewall's page──▶ open: no writes for 60 s, then a harmless GET
 * open ──the GET is answered──▶ on trial: one write at a time
 * on trial ──it works──▶ closed;  ──an outage, a page──▶ open again. The third opening by outages ends the run, and so
 * do the third one in a row by a firewall and 15 minutes of pauses in all.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #recent: boolean[] = [];
  #inARow = 0;
  #openings = 0;
  #firewallInARow = 0;
  /** Of the last opening. */
  #why: PauseReason = 'outage';
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

  /** Nothing may be sent now, not even by who was let through before. */
  get isOpen(): boolean {
    return this.#openSince !== undefined;
  }

  /**
   * Waits until a write may be tried.
   *
   * @throws LimitError when the API stays down, RefusedError when a firewall stays in front of it
   */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#options.stop.aborted) return;
      if (this.#isHopeless) throw this.#down();
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

  ended(how: WriteEnd): void {
    this.release();
    const outage = how === 'outage' || how === 'unreachable';
    this.#recent = [...this.#recent, outage].slice(-ofTheLast.outcomes);
    this.#inARow = outage ? this.#inARow + 1 : 0;
    if (how === 'answered') this.#onTrial = false;
    if (how !== 'firewall') this.#firewallInARow = 0;
    // What was under way when it opened tells nothing new.
    if (this.#openSince) return;
    const often = this.#recent.filter(Boolean).length >= ofTheLast.outages;
    if (outage && (this.#onTrial || often || this.#inARow >= consecutive)) {
      this.#openings++;
      this.#open(how);
    } else if (how === 'firewall') {
      this.#firewallInARow++;
      this.#open(how);
    }
  }

  get #isHopeless(): boolean {
    return Math.max(this.#openings, this.#firewallInARow) >= maxOpenings;
  }

  #open(why: PauseReason): void {
    this.#why = why;
    this.#openSince = instant(this.#options.clock);
    this.#recent = [];
    if (!this.#isHopeless) this.#options.onPause(why, pauseMs);
  }

  async #waitForLife(since: Instant): Promise<void> {
    const {clock, stop, isAlive} = this.#options;
    await waitSince(clock, since, pauseMs, stop);
    while (!stop.aborted && !(await isAlive())) {
      if (this.#paused + minElapsedMs(clock, since) >= maxPausedMs) throw this.#down();
      await clock.sleep(pauseMs, stop);
    }
    this.#paused += minElapsedMs(clock, since);
    this.#openSince = this.#closing = undefined;
    this.#onTrial = true;
  }

  #down(): Bulk42Error {
    switch (this.#why) {
      case 'firewall':
        return new RefusedError(
          'a firewall in front of the API refuses this program (403 without an answer of the API)',
          {
            code: 'firewall',
            hint: 'ask the intra team whether this network or application is blocked, then resume',
          },
        );
      case 'unreachable':
        return new TemporaryError('the API cannot be reached: no connection comes about', {
          code: 'unreachable',
          hint: 'check the network, then resume the run: nothing of it is lost',
        });
      case 'outage':
        return new LimitError('the API keeps failing: it gives server errors or no answer at all', {
          code: 'outage',
          hint: 'wait until the intra is well again, then resume the run; what is in doubt is settled first',
        });
    }
  }
}
