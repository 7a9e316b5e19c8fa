import type {Limits} from '../api/limiter.ts';
import type {LimitWait} from '../api/rate-limiter.ts';
import type {Counts} from '../outcome.ts';
import type {PauseReason} from '../run/breaker.ts';
import type {RunReporter} from '../run/conduct-run.ts';
import {clockTime, duration, progressLine} from './progress-line.ts';
import type {Terminal} from './terminal.ts';

export interface ProgressOptions {
  terminal: Terminal;
  /** Draw nothing: --json, --quiet, --no-progress. */
  silent: boolean;
  limits: () => Limits;
  now: () => number;
}

const redrawMs = 200;
const plainLineMs = 10_000;
const rateMs = 10_000;

/**
 * A run's progress: a line, or two where it is narrow, that is drawn over itself on a terminal; one plain line every ten
 * seconds elsewhere. While the run waits it counts down.
 */
export class Progress implements RunReporter {
  readonly #options: ProgressOptions;
  #drawnAt = -Infinity;
  /** The lines that stand on the terminal now, the cursor at the end of the last. */
  #drawn: readonly string[] = [];
  #countdown: NodeJS.Timeout | undefined;
  /** Rows done, at wall times of the last moments. */
  #samples: {done: number; at: number}[] = [];
  #rows = '';
  #isWaiting = (): boolean => false;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  planning(rows: number, of: number): void {
    this.#show(() => [`looking up ${rows} of ${of} rows`]);
  }

  progress(counts: Readonly<Counts>): void {
    const {limits, now} = this.#options;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const done = all - counts.not_started - counts.in_doubt;
    this.#rows = `${done}/${all} rows`;
    // Answers of what was on its way when the wait began are no end of it.
    if (this.#isWaiting()) return;
    if (this.#countdown) this.#drawnAt = -Infinity;
    this.#endCountdown();
    this.#show((width) =>
      progressLine({counts, rate: this.#rate(done), limits: limits(), now: now()}, width),
    );
  }

  waiting(reason: LimitWait | 'settle' | PauseReason | 'redis', ms: number, rows = 0): void {
    const {now, terminal, limits} = this.#options;
    const until = now() + ms;
    const what = {
      hour: "this hour's requests are used up",
      refused: 'the API asks to wait',
      outage: 'the API keeps failing: writing pauses',
      unreachable: 'the API cannot be reached: writing pauses',
      firewall: 'a firewall in front of the API turned a request away: writing pauses',
      redis: 'Redis does not answer: nothing is sent',
      settle: `${rows} in doubt: waiting to read them back`,
    }[reason];
    const lines = (width: number) => {
      const end = `${reason === 'redis' ? 'given up' : 'on'} at ${clockTime(until)}, in ${duration(Math.max(0, until - now()) / 1000)}`;
      const whole = [this.#rows, `${what}; ${end}`].filter((part) => part !== '').join('  ');
      return whole.length <= width ? [whole] : [what, end];
    };
    this.#endCountdown();
    this.#isWaiting = () => reason !== 'redis' && now() < until && !(reason === 'hour' && limits().left > 0);
    if (ms > rateMs) this.#samples = [];
    this.#drawnAt = -Infinity;
    this.#show(lines);
    if (terminal.isLive) this.#countdown = setInterval(() => this.#show(lines), 1000).unref();
  }

  /** Removes the live lines for good. */
  clear(): void {
    this.#endCountdown();
    this.above(() => (this.#drawn = []));
  }

  /** Lets something else be printed, above the live lines. */
  above(print: () => unknown): void {
    const {terminal} = this.#options;
    if (this.#drawn.length > 0) terminal.draw(`${this.#toStart()}\u001b[J`);
    print();
    if (this.#drawn.length > 0) terminal.draw(this.#drawn.join('\n'));
  }

  /** Rows a second since the oldest sample of the last moments. */
  #rate(done: number): number | undefined {
    const at = this.#options.now();
    this.#samples.push({done, at});
    while ((this.#samples[1]?.at ?? Infinity) <= at - rateMs) this.#samples.shift();
    const [first = {done, at}] = this.#samples;
    return at - first.at < 1000 ? undefined : ((done - first.done) / (at - first.at)) * 1000;
  }

  #endCountdown(): void {
    clearInterval(this.#countdown);
    this.#countdown = undefined;
    this.#isWaiting = () => false;
  }

  #show(lines: (width: number) => string[]): void {
    const {terminal, silent, now} = this.#options;
    if (silent || now() - this.#drawnAt < (terminal.isLive ? redrawMs : plainLineMs)) return;
    this.#drawnAt = now();
    if (!terminal.isLive) return terminal.error(lines(Infinity).join('  '));
    // One column stays free: a full line would leave the cursor on the next.
    const width = terminal.width() - 1;
    const fresh = lines(width).map((line) => line.slice(0, width));
    // In one go, so that it does not flicker.
    terminal.draw(`${this.#toStart()}\u001b[J${fresh.join('\n')}`);
    this.#drawn = fresh;
  }

  /** To where the lines begin: a terminal that has been made narrower since has wrapped them. */
  #toStart(): string {
    const width = this.#options.terminal.width();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
    return rows > 1 ? `\r\u001b[${rows - 1}A` : '\r';
  }
}
