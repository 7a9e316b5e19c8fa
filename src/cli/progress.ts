import type {Counts} from '../outcome.ts';
import type {RunReporter} from '../run/conduct-run.ts';
import type {RowStates} from '../journal/row-states.ts';
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

/** A run's progress: a live line on a terminal, one plain line every ten seconds elsewhere. */
export class Progress implements RunReporter {
  readonly #options: ProgressOptions;
  #drawnAt = -Infinity;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  planning(rows: number, of: number): void {
    this.#show(() => `looking up ${rows} of ${of} rows`);
  }

  progress(counts: Readonly<Counts>, requests: RowStates['requests']): void {
    this.#show(() => this.#line(counts, requests));
  }

  waiting(reason: 'hour' | 'refused' | 'settle' | 'outage', ms: number, rows = 0): void {
    const until = this.#options.now() + ms;
    const what = {
      hour: "this hour's requests are used up",
      refused: 'the API asks to wait',
      outage: 'the API keeps failing; writing pauses',
      settle: `${rows} in doubt; waiting until the API can no longer apply them`,
    }[reason];
    this.#drawnAt = -Infinity;
    this.#show(() => `${what}; on at ${clockTime(until)}`);
  }

  /** Removes the live line, so that something else can be printed. */
  clear(): void {
    if (this.#isDrawn) this.#options.terminal.draw('\r\x1b[2K');
    this.#isDrawn = false;
  }

  #show(text: () => string): void {
    const {terminal, silent, now} = this.#options;
    if (silent || now() - this.#drawnAt < (terminal.isLive ? redrawMs : plainLineMs)) return;
    this.#drawnAt = now();
    if (!terminal.isLive) return terminal.error(text());
    terminal.draw(`\r\x1b[2K${text().slice(0, terminal.width() - 1)}`);
    this.#isDrawn = true;
  }

  #line(counts: Readonly<Counts>, requests: RowStates['requests']): string {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const done = all - counts.not_started - counts.in_doubt;
    const {left, perSecond} = this.#options.limits();
    const seconds = Math.ceil(counts.not_started / perSecond);
    const parts = (['created', 'updated', 'unchanged', 'failed', 'in_doubt'] as const)
      .filter((outcome) => counts[outcome] > 0)
      .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`);
    const ends = seconds > 0 ? `, about ${clockTime(this.#options.now() + seconds * 1000)}` : '';
    return `${done}/${all} rows  ${parts.join(', ')}  ${requests.total} requests, ${left} left this hour${ends}`;
  }
}

function clockTime(wall: number): string {
  return new Date(wall).toTimeString().slice(0, 8);
}
