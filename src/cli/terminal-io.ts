import type {Question, RunIo, WaitReason} from '../app/run-io.ts';
import {systemClock as clock} from '../clock.ts';
import type {CheckedInput} from '../input/prepare-input.ts';
import type {Limits} from '../limits/limit-call.ts';
import type {LogFacts} from '../logger.ts';
import type {Counts} from '../outcome.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {StopSignal} from '../stop-signal.ts';
import {ask} from './ask.ts';
import type {Summary} from '../report/summary.ts';
import {MetricsFile} from './metrics-file.ts';
import {Progress} from './print/progress.ts';
import {ProgressEvents} from './print/progress-events.ts';
import {renderPlan} from './print/render-plan.ts';
import {renderGroups} from './print/render-problems.ts';
import {shutDownOnSignals, type Shutdown} from './shut-down-on-signals.ts';
import type {Terminal} from './terminal.ts';

export interface TerminalIoArguments {
  json: boolean;
  quiet: boolean;
  progress: 'auto' | 'plain' | 'json' | 'none';
  noProgress: boolean;
  /** A file for Prometheus. */
  metrics?: string | undefined;
  job?: string | undefined;
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
  readonly #progress: Progress | ProgressEvents;
  readonly #metrics: MetricsFile | undefined;
  #stop: StopSignal | undefined;
  #shutdown: Shutdown | undefined;

  constructor(args: TerminalIoArguments, terminal: Terminal) {
    const {metrics, verbose = false, yes = false, file} = args;
    this.args = args;
    this.terminal = terminal;
    this.canConfirm = yes || (terminal.canAsk && file !== '-');
    this.#progress = openProgress(args, terminal);
    this.#metrics =
      metrics === undefined ? undefined : new MetricsFile(metrics, (text) => this.warning(text));
    this.#metrics?.update({job: args.job ?? ''});
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
    this.#progress.message(text);
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
    this.#metrics?.update({job: plan.job});
    if (this.#progress instanceof Progress) this.#progress.timezone = plan.options.timezone;
    else this.#progress.plan(plan);
    const isForPrograms = this.#progress instanceof ProgressEvents && this.args.yes;
    if (this.args.json || this.args.quiet || isForPrograms) return;
    this.terminal.error(renderPlan(plan, this.terminal, {withRows: this.terminal.isLive, inDoubt}));
  }

  async confirm(question: Question): Promise<boolean> {
    if (this.args.yes || question.rows === 0) return true;
    const {signal} = this.#stop ?? new AbortController();
    return ask(question, this.terminal, signal);
  }

  progress(counts: Readonly<Counts>, limits: () => Limits): void {
    this.#progress.progress(counts, limits);
    this.#metrics?.update({counts: {...counts}, left: limits().left});
  }

  waiting(reason: WaitReason, ms: number, rows?: number): void {
    this.#progress.waiting(reason, ms, rows);
  }

  /** How the command ends; where a run came of it, with its summary. */
  async end(exitCode: number, summary?: Summary): Promise<void> {
    if (this.#progress instanceof ProgressEvents) this.#progress.end(exitCode, summary);
    await this.#metrics?.end({
      exitCode,
      ...(summary && {job: summary.job, counts: summary.counts, requests: summary.requests}),
    });
  }

  /** Removes the progress line. */
  clear(): void {
    this.#progress.clear();
  }
}

/** A choice that was typed holds beside --json and --quiet, too. */
function openProgress(
  {progress, noProgress, json, quiet}: TerminalIoArguments,
  terminal: Terminal,
): Progress | ProgressEvents {
  const now = () => clock.wall();
  if (progress === 'json' && !noProgress) return new ProgressEvents(terminal, now);
  const silent = noProgress || progress === 'none' || (progress === 'auto' && (json || quiet));
  return new Progress({
    terminal: progress === 'plain' ? {...terminal, isLive: false} : terminal,
    silent,
    now,
  });
}

function lineOf({event, ...facts}: LogFacts): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [event, ...known.map(([name, value]) => `${name}=${value}`)].join(' ');
}
