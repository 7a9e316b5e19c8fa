import type {Counts} from '../outcome.ts';
import type {RunReporter} from '../run/conduct-run.ts';
import {clockTime, duration, progressLine} from './progress-line.ts';
import type {Terminal} from './terminal.ts';

export interface ProgressOptions {
  terminal: Terminal;
  /** Draw nothing: --json, --quiet, --no-progress. */
  silent: boolean;
  limits: () => {perSecond: number; perHour: number; left: number};
  now: () => number;
}

const redrawMs = 200;
const plainLineMs = 10_000;

/**
 * A run's progress: a line that is drawn over itself on a terminal, one plain line every ten seconds elsewhere. While
 * the run waits it counts down.
 */
export class Progress implements RunReporter {
  readonly #options: ProgressOptions;
  #drawnAt = -Infinity;
  #isDrawn = false;
  #countdown: NodeJS.Timeout | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  planning(rows: number, of: number): void {
    this.#show(() => `looking up ${rows} of ${of} rows`);
  }

  progress(counts: Readonly<Counts>): void {
    this.#endCountdown();
    const {limits, now, terminal} = this.#options;
    const width = terminal.isLive ? terminal.width() - 1 : Infinity;
    this.#show(() => progressLine({counts, limits: limits(), now: now()}, width));
  }

  waiting(reason: 'hour' | 'refused' | 'settle' | 'outage', ms: number, rows = 0): void {
    const {now, terminal} = this.#options;
    const until = now() + ms;
    const what = {
      hour: "this hour's requests are used up",
      refused: 'the API asks to wait',
      outage: 'the API keeps failing, so writing pauses',
      settle: `${rows} in doubt: waiting until the API can no longer be working on them`,
    }[reason];
    const line = () =>
      `${what}; on at ${clockTime(until)}, in ${duration(Math.max(0, until - now()) / 1000)}`;
    this.#endCountdown();
    this.#drawnAt = -Infinity;
    this.#show(line);
    if (terminal.isLive) this.#countdown = setInterval(() => this.#show(line), 1000).unref();
  }

  /** Removes the live line, so that something else can be printed. */
  clear(): void {
    this.#endCountdown();
    if (this.#isDrawn) this.#options.terminal.draw('\r\u001b[2K');
    this.#isDrawn = false;
  }

  #endCountdown(): void {
    clearInterval(this.#countdown);
    this.#countdown = undefined;
  }

  #show(text: () => string): void {
    const {terminal, silent, now} = this.#options;
    if (silent || now() - this.#drawnAt < (terminal.isLive ? redrawMs : plainLineMs)) return;
    this.#drawnAt = now();
    if (!terminal.isLive) return terminal.error(text());
    // Cut to the width: a line that wraps could not be drawn over.
    terminal.draw(`\r\u001b[2K${text().slice(0, terminal.width() - 1)}`);
    this.#isDrawn = true;
  }
}
