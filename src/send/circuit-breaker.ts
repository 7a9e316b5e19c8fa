import {type Clock, type Instant, instant, minElapsedMs, waitSince} from '../clock.ts';
import {type Bulk42Error, LimitError, RefusedError, TemporaryError} from '../errors.ts';

/** Why writing may have to pause; `firewall`: a page in front of the API answered instead of it. */
export type PauseReason = 'outage' | 'unreachable' | 'firewall';

/** What the end of a write says about the API. */
export type WriteResult = 'responded' | PauseReason;

export interface CircuitBreakerOptions {
  clock: Clock;
  stop: AbortSignal;
  /** One harmless GET: true when the API responds at all. */
  isAlive: () => Promise<boolean>;
  onPause: (why: PauseReason, ms: number) => void;
}

const pauseMs = 60_000;
/** Over all pauses of a run. */
const maxPausedMs = 15 * 60_000;
const maxOutagesInARow = 5;
const maxOutagesInWindow = 10;
/** The last writes that are looked at. */
const windowSize = 20;
const maxOpenings = 3;

/**
 * Stops writing when the API is down, since each write to a failing server is a row in doubt, and when a firewall
 * rejects writes, since going on would confirm it.
 *
 *   closed ──5 outages in a row, or 10 of the last 20, or a firewall's page──▶ open
 *   open ──60 s without writes, then a harmless GET that is answered──▶ half-open
 *   half-open: one write at a time ──a response──▶ closed
 *   half-open ──an outage, a firewall's page──▶ open
 *
 * The third opening by outages ends the run, and so do the third one in a row by a firewall and 15 minutes of pauses in
 * all.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  /** Whether each of the last writes met an outage. */
  #window: boolean[] = [];
  #outagesInARow = 0;
  #openings = 0;
  #openingsByFirewallInARow = 0;
  /** Of the last opening. */
  #why: PauseReason = 'outage';
  #openedAt: Instant | undefined;
  /** By the pauses that are over. */
  #pausedMs = 0;
  /** The pause that all writes wait for. */
  #pause: Promise<void> | undefined;
  /** The one write of the half-open state. */
  #trial: Promise<void> | undefined;
  #endTrial: (() => void) | undefined;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** Nothing may be sent now, not even by a write that was let through before. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /**
   * Waits until a write may be tried. Each write that was let through ends with `complete` or `cancel`.
   *
   * @throws LimitError when the API stays down, RefusedError when a firewall stays in front of it
   */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#options.stop.aborted) return;
      if (this.#isHopeless) throw this.#down();
      if (this.#state === 'open') await (this.#pause ??= this.#waitForResponse());
      else if (this.#trial) await this.#trial;
      else break;
    }
    if (this.#state === 'half-open') this.#trial = new Promise((resolve) => (this.#endTrial = resolve));
  }

  /** A write that was let through was not sent after all. */
  cancel(): void {
    this.#endTrial?.();
    this.#trial = this.#endTrial = undefined;
  }

  complete(result: WriteResult): void {
    this.cancel();
    const isOutage = result === 'outage' || result === 'unreachable';
    this.#window = [...this.#window, isOutage].slice(-windowSize);
    this.#outagesInARow = isOutage ? this.#outagesInARow + 1 : 0;
    if (result !== 'firewall') this.#openingsByFirewallInARow = 0;
    // What was in flight when it opened says nothing new.
    if (this.#state === 'open') return;
    if (result === 'firewall') {
      this.#openingsByFirewallInARow++;
      this.#open(result);
    } else if (isOutage && this.#areTooManyOutages) {
      this.#openings++;
      this.#open(result);
    } else if (result === 'responded') {
      this.#state = 'closed';
    }
  }

  get #areTooManyOutages(): boolean {
    return (
      this.#state === 'half-open' ||
      this.#outagesInARow >= maxOutagesInARow ||
      this.#window.filter(Boolean).length >= maxOutagesInWindow
    );
  }

  get #isHopeless(): boolean {
    return Math.max(this.#openings, this.#openingsByFirewallInARow) >= maxOpenings;
  }

  #open(why: PauseReason): void {
    this.#state = 'open';
    this.#why = why;
    this.#openedAt = instant(this.#options.clock);
    this.#window = [];
    if (!this.#isHopeless) this.#options.onPause(why, pauseMs);
  }

  async #waitForResponse(): Promise<void> {
    const {clock, stop, isAlive} = this.#options;
    const openedAt = this.#openedAt ?? instant(clock);
    await waitSince(clock, openedAt, pauseMs, stop);
    while (!stop.aborted && !(await isAlive())) {
      if (this.#pausedMs + minElapsedMs(clock, openedAt) >= maxPausedMs) throw this.#down();
      await clock.sleep(pauseMs, stop);
    }
    this.#pausedMs += minElapsedMs(clock, openedAt);
    this.#pause = undefined;
    this.#state = 'half-open';
  }

  #down(): Bulk42Error {
    switch (this.#why) {
      case 'firewall':
        return new RefusedError(
          'a firewall in front of the API refuses this program (403 without a response of the API)',
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
          hint: 'wait until the intra works again, then resume the run; what is in doubt is settled first',
        });
    }
  }
}
