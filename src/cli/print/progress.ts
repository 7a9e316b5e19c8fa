import type {Limits} from '../../limits/limit-call.ts';
import {type Counts, countOf, noCounts, outcomes, pendingOutcomes} from '../../outcome.ts';
import type {RunIo, WaitReason} from '../../app/run-io.ts';
import {waitingWords} from '../../app/waiting-words.ts';
import {localTime} from '../../local-time.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';
import {duration, progressLine} from './progress-line.ts';
import type {Terminal} from '../terminal.ts';

export interface ProgressOptions {
  terminal: Terminal;
  /** Draw nothing: --json, --quiet, --progress none. */
  silent: boolean;
  now: () => number;
}

const redrawMs = 200;
const plainLineMs = 10_000;
const rateMs = 10_000;
/** A shorter wait would only flash up. */
const minWaitMs = 3000;

interface Wait {
  why: string;
  until: number;
  /** What is done then. */
  ending: string;
  isOver: () => boolean;
}

/**
 * A run's progress: a line, or two where it is narrow, that is drawn over itself on a terminal; one plain line every ten
 * seconds elsewhere. While the run waits it counts down.
 */
export class Progress implements Pick<RunIo, 'planning' | 'progress' | 'waiting'> {
  readonly #options: ProgressOptions;
  /** In which times are shown. */
  timezone: string | undefined;
  #drawnAt = -Infinity;
  /** The lines that stand on the terminal now, without colours, the cursor at the end of the last. */
  #drawn: readonly string[] = [];
  #countdown: NodeJS.Timeout | undefined;
  /** Rows done, at wall times of the last moments. */
  #samples: {done: number; at: number}[] = [];
  #counts: Readonly<Counts> = noCounts();
  #limits: (() => Limits) | undefined;
  #wait: Wait | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  planning(rows: number, of: number): void {
    this.#show(() => [`planned ${rows} of ${of} rows`]);
  }

  progress(counts: Readonly<Counts>, limits: () => Limits): void {
    this.#counts = counts;
    this.#limits = limits;
    // Answers of what was on its way when the wait began are no end of it.
    if (this.#wait?.isOver() === false) return;
    if (this.#wait) this.#drawnAt = -Infinity;
    this.#endWait();
    const rate = this.#rate(doneOf(counts));
    this.#show((width) => this.#lines(rate, width));
  }

  waiting(reason: WaitReason, ms: number, rows = 0): void {
    const {now, terminal} = this.#options;
    if (ms < minWaitMs && reason !== 'redis') return;
    const until = now() + ms;
    const why = waitingWords(reason, rows);
    this.#endWait();
    this.#wait = {
      why,
      until,
      ending: reason === 'redis' ? 'given up' : 'on',
      isOver: () =>
        reason === 'redis' || now() >= until || (reason === 'hour' && (this.#limits?.().left ?? 0) > 0),
    };
    if (ms > rateMs) this.#samples = [];
    const lines = (width: number) => this.#lines(undefined, width);
    this.#drawnAt = -Infinity;
    this.#show(lines);
    if (terminal.isLive) this.#countdown = setInterval(() => this.#show(lines), 1000).unref();
  }

  #lines(rate: number | undefined, width: number): string[] {
    const {now, terminal} = this.#options;
    const {timezone} = this;
    const wait = this.#wait;
    const waiting = wait && {
      why: wait.why,
      end: `${wait.ending} at ${localTime(wait.until, {timezone, now: now(), isShort: true})}, in ${duration(Math.max(0, wait.until - now()) / 1000)}`,
    };
    const counts = this.#counts;
    const state = {counts, rate, limits: this.#limits?.(), now: now(), timezone, waiting};
    return progressLine(state, width, terminal.isLive);
  }

  /** Removes the live lines for good. */
  clear(): void {
    this.#endWait();
    this.above(() => (this.#drawn = []));
  }

  /** A line for the person, above the live lines. */
  message(text: string): void {
    this.above(() => this.#options.terminal.error(escapeControlCharacters(text)));
  }

  /** Lets something else be printed, above the live lines. */
  above(print: () => unknown): void {
    const {terminal} = this.#options;
    if (this.#drawn.length > 0) terminal.draw(`${this.#toStart()}\u001b[J`);
    print();
    if (this.#drawn.length > 0) terminal.draw(paint(this.#drawn.join('\n'), terminal.colors));
  }

  /** Rows a second since the oldest sample of the last moments. */
  #rate(done: number): number | undefined {
    const at = this.#options.now();
    if (at - (this.#samples.at(-1)?.at ?? -Infinity) >= redrawMs) this.#samples.push({done, at});
    while ((this.#samples[1]?.at ?? Infinity) <= at - rateMs) this.#samples.shift();
    const [first = {done, at}] = this.#samples;
    return at - first.at < 1000 ? undefined : ((done - first.done) / (at - first.at)) * 1000;
  }

  #endWait(): void {
    clearInterval(this.#countdown);
    this.#countdown = undefined;
    this.#wait = undefined;
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
    terminal.draw(`${this.#toStart()}\u001b[J${paint(fresh.join('\n'), terminal.colors)}`);
    this.#drawn = fresh;
  }

  /** To where the lines begin: a terminal that has been made narrower since has wrapped them. */
  #toStart(): string {
    const width = this.#options.terminal.width();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
    return rows > 1 ? `\r\u001b[${rows - 1}A` : '\r';
  }
}

function doneOf(counts: Readonly<Counts>): number {
  return countOf(counts, outcomes) - countOf(counts, pendingOutcomes);
}

/** After the lines were cut to their width, which colours would count into. */
function paint(lines: string, {green, red, yellow, dim}: Terminal['colors']): string {
  return lines
    .replace(/━+/, green)
    .replace(/─+/, dim)
    .replace(/\d+ (?:failed|invalid)/g, red)
    .replace(/\d+ in doubt/, yellow);
}
