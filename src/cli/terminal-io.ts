import type {Question, RunIo, WaitReason} from '../app/run-io.ts';
import {systemClock as clock} from '../clock.ts';
import type {CheckedInput} from '../input/prepare-input.ts';
import type {Limits} from '../limits/limit-call.ts';
import type {LogFacts} from '../logger.ts';
import type {Counts} from '../outcome.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {StopSignal} from '../stop-signal.ts';
import {ask} from './ask.ts';
import {escapeControlCharacters} from './print/escape-control-characters.ts';
import {Progress} from './print/progress.ts';
import {renderPlan} from './print/render-plan.ts';
import {renderGroups} from './print/render-problems.ts';
import {shutDownOnSignals, type Shutdown} from './shut-down-on-signals.ts';
import type {Terminal} from './terminal.ts';

export interface TerminalIoArguments {
  json: boolean;
  quiet: boolean;
  noProgress: boolean;
  verbose?: boolean;
  yes?: boolean;
  /** Where it is `-`, the rows come from where answers would. */
  file?: string | undefined;
}

/** A run at a terminal: everything but results goes to stderr, and signals end it. */
export class TerminalIo implements RunIo {
  readonly canConfirm: boolean;
  readonly plannedRows: RunIo['plannedRows'] = 'few';
  readonly log: RunIo['log'];
  protected readonly args: TerminalIoArguments;
  protected readonly terminal: Terminal;
  readonly #progress: Progress;
  #stop: StopSignal | undefined;
  #shutdown: Shutdown | undefined;

  constructor(args: TerminalIoArguments, terminal: Terminal) {
    const {json, quiet, noProgress, verbose = false, yes = false, file} = args;
    this.args = args;
    this.terminal = terminal;
    this.canConfirm = yes || (terminal.canAsk && file !== '-');
    const silent = json || quiet || noProgress;
    this.#progress = new Progress({terminal, silent, now: () => clock.wall()});
    this.log = verbose ? (facts) => this.warning(lineOf(facts)) : undefined;
  }

  /** The signal that ended the run, if any. */
  get signal(): NodeJS.Signals | undefined {
    return this.#shutdown?.signal;
  }

  listenForStop(stop: StopSignal): () => void {
    this.#stop = stop;
    const shutdown = shutDownOnSignals(stop, clock, (signal) =>
      this.warning(`${signal}: waiting for requests in flight; once more to end at once`),
    );
    this.#shutdown = shutdown;
    return () => shutdown.dispose();
  }

  notice(text: string): void {
    if (!this.args.json && !this.args.quiet) this.warning(text);
  }

  warning(text: string): void {
    this.#progress.above(() => this.terminal.error(escapeControlCharacters(text)));
  }

  problems({problems, problemCount}: Pick<CheckedInput, 'problems' | 'problemCount'>): void {
    if (!this.args.json) this.terminal.error(renderGroups(problems, problemCount, this.terminal));
  }

  planning(rows: number, of: number): void {
    this.#progress.planning(rows, of);
  }

  /** Rows hold personal data, so a log that was not asked for does not get them. */
  showPlan(plan: PlanDocument, inDoubt: number): void | Promise<void> {
    this.clear();
    this.#progress.timezone = plan.options.timezone;
    if (this.args.json || this.args.quiet) return;
    this.terminal.error(renderPlan(plan, this.terminal, {withRows: this.terminal.isLive, inDoubt}));
  }

  async confirm(question: Question): Promise<boolean> {
    if (this.args.yes || question.rows === 0) return true;
    const {signal} = this.#stop ?? new AbortController();
    return ask(question, this.terminal, signal);
  }

  progress(counts: Readonly<Counts>, limits: () => Limits): void {
    this.#progress.progress(counts, limits);
  }

  waiting(reason: WaitReason, ms: number, rows?: number): void {
    this.#progress.waiting(reason, ms, rows);
  }

  /** Removes the progress line. */
  clear(): void {
    this.#progress.clear();
  }
}

function lineOf({event, ...facts}: LogFacts): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [event, ...known.map(([name, value]) => `${name}=${value}`)].join(' ');
}
