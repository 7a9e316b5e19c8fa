import type {RunIo, WaitReason} from '../../app/run-io.ts';
import type {Limits} from '../../limits/limit-call.ts';
import {type Counts, countOf, pendingOutcomes} from '../../outcome.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {Summary} from '../../report/summary.ts';
import type {Terminal} from '../terminal.ts';
import {jsonDocument} from './json-document.ts';
import {endOf} from './progress-line.ts';

const minBetweenMs = 1000;

/** A run's progress for programs: one event a line on stderr, as `schemas/progress.schema.json` describes them. */
export class ProgressEvents implements Pick<RunIo, 'planning' | 'progress' | 'waiting'> {
  readonly #terminal: Pick<Terminal, 'error'>;
  readonly #now: () => number;
  #shownAt = -Infinity;

  constructor(terminal: Pick<Terminal, 'error'>, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  planning(planned: number, rows: number): void {
    if (planned === rows || this.#isDue()) this.#show('planning', {planned, rows});
  }

  plan({counts, requests, schedule: {finishesAt}}: PlanDocument): void {
    this.#show('plan', {counts, requests, finishesAt});
  }

  progress(counts: Readonly<Counts>, limits: () => Limits): void {
    if (countOf(counts, pendingOutcomes) > 0 && !this.#isDue()) return;
    const known = limits();
    const finishesAt = endOf(counts, known, this.#now()).finishesAt;
    this.#show('progress', {counts, requests: {left: known.left}, finishesAt});
  }

  waiting(reason: WaitReason, ms: number, rows?: number): void {
    const until = new Date(this.#now() + ms).toISOString();
    this.#show('waiting', {reason, until, ...(rows !== undefined && {rows})});
  }

  message(message: string): void {
    this.#show('message', {message});
  }

  end(exitCode: number, summary: Summary | undefined): void {
    const {run, counts, requests} = summary ?? {};
    this.#show('end', {exitCode, ...(summary && {run, counts, requests})});
  }

  clear(): void {
    // Each line stays.
  }

  #isDue(): boolean {
    return this.#now() - this.#shownAt >= minBetweenMs;
  }

  #show(event: string, facts: object): void {
    this.#shownAt = this.#now();
    this.#terminal.error(jsonDocument({event, time: new Date(this.#now()).toISOString(), ...facts}));
  }
}
