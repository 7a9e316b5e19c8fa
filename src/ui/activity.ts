import type {RunResult} from '../app/steps/finish-run.ts';
import {type Declined, executeRun} from '../app/execute-run.ts';
import type {RunSpec} from '../app/run-spec.ts';
import {UsageError} from '../errors.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {ActivityState} from './activity-state.ts';
import {type Answer, PageIo} from './page-io.ts';
import {errorDocument} from './respond.ts';

/** One run at a time, as a page shows it. A page that is opened later sees all of it. */
export class Activity {
  readonly #listeners = new Set<(state: ActivityState) => void>();
  #state: ActivityState = {phase: 'none', command: '', isRehearsal: false, notes: []};
  #io: PageIo | undefined;
  #plan: PlanDocument | undefined;

  get state(): ActivityState {
    return this.#state;
  }

  get plan(): PlanDocument | undefined {
    return this.#plan;
  }

  /** @throws UsageError while another run is under way */
  start(spec: RunSpec, command: string, isRehearsal: boolean): void {
    if (this.#io)
      throw new UsageError('a run is under way in this page', {
        code: 'busy',
        hint: 'wait for its end, or stop it',
      });
    this.#plan = undefined;
    this.#state = {phase: 'planning', command, isRehearsal, notes: []};
    const io = new PageIo({
      note: (text) => this.#change({notes: [...this.#state.notes, text]}),
      change: (state) => this.#change(state),
      plan: (plan) => (this.#plan = plan),
    });
    this.#io = io;
    void executeRun(spec, io)
      .then(
        (result) => this.#end(endOf(result)),
        (error: unknown) => this.#end({error: errorDocument(error)}),
      )
      .finally(() => (this.#io = undefined));
  }

  /** Answers the question that the page shows; false where there is none, or where the number is another. */
  answer(answer: Answer): boolean {
    return this.#io?.answer(answer) ?? false;
  }

  /** Nothing new is sent; what is on its way may end. */
  stop(): void {
    this.#io?.stop();
    if (this.#io) this.#change({isStopping: true});
  }

  /** Resolves when no run is under way. */
  async ended(): Promise<void> {
    while (this.#io) await new Promise<void>((resolve) => this.onChange(() => setImmediate(resolve)));
  }

  /** Returns what ends it. */
  onChange(listener: (state: ActivityState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #end(state: Partial<ActivityState>): void {
    const {waiting: _waiting, question: _question, ...rest} = this.#state;
    this.#state = rest;
    this.#change({phase: 'ended', ...state});
  }

  #change(state: Partial<ActivityState>): void {
    this.#state = {...this.#state, ...state};
    for (const listener of this.#listeners) listener(this.#state);
  }
}

function endOf(result: RunResult | Declined): Partial<ActivityState> {
  if ('declined' in result) return {isDeclined: true};
  const {summary, undecided, failure} = result;
  return {
    summary,
    undecided,
    counts: summary.counts,
    ...(failure !== undefined && {error: errorDocument(failure)}),
  };
}
