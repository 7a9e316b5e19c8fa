import {randomUUID} from 'node:crypto';
import type {Question, RunIo, WaitReason} from '../app/run-io.ts';
import {waitingWords} from '../app/waiting-words.ts';
import type {Limits} from '../limits/limit-call.ts';
import type {Counts} from '../outcome.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {StopSignal} from '../stop-signal.ts';
import type {ActivityState} from './activity-state.ts';

export interface Answer {
  isYes: boolean;
  /** The number that was typed. */
  typed: string;
  /** Of the question; anything, from a page. */
  id: unknown;
}

interface Shown {
  note(text: string): void;
  change(state: Partial<ActivityState>): void;
  plan(plan: PlanDocument): void;
}

/** A run in the page: the page shows, and answers. That it is closed ends nothing. */
export class PageIo implements RunIo {
  readonly canConfirm = true;
  readonly plannedRows = 'all';
  readonly #shown: Shown;
  #stop: StopSignal | undefined;
  #isStopped = false;
  #asked: {question: Question & {id: string}; resolve: (isYes: boolean) => void} | undefined;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  listenForStop(stop: StopSignal): () => void {
    this.#stop = stop;
    if (this.#isStopped) stop.request('page');
    return () => {
      this.#stop = undefined;
    };
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop?.request('page');
    this.#answer(false);
  }

  notice(text: string): void {
    this.#shown.note(text);
  }

  warning(text: string): void {
    this.#shown.note(text);
  }

  /** The page has shown them before the run. */
  problems(): void {}

  planning(rows: number, of: number): void {
    this.#shown.change({planning: {rows, of}});
  }

  showPlan(plan: PlanDocument, inDoubt: number): void {
    const {rows: _rows, ...facts} = plan;
    this.#shown.plan(plan);
    this.#shown.change({plan: facts, inDoubt});
  }

  async confirm(asked: Question): Promise<boolean> {
    if (this.#isStopped) return false;
    if (asked.rows > 0) {
      const question = {...asked, id: randomUUID()};
      const answered = new Promise<boolean>((resolve) => (this.#asked = {question, resolve}));
      this.#shown.change({phase: 'asking', question});
      if (!(await answered)) return false;
    }
    this.#shown.change({phase: 'running'});
    return true;
  }

  /** False where it is no answer to the question that is asked, or where another number has to be typed. */
  answer({isYes, typed, id}: Answer): boolean {
    if (!this.#asked || this.#asked.question.id !== id) return false;
    const number = this.#asked.question.typed?.number;
    if (isYes && number !== undefined && typed.replaceAll(/[\s,.]/g, '') !== String(number)) return false;
    this.#answer(isYes);
    return true;
  }

  progress(counts: Readonly<Counts>, limits: () => Limits): void {
    const {left} = limits();
    this.#shown.change({counts, ...(left !== undefined && {requestsLeft: left})});
  }

  waiting(reason: WaitReason, ms: number, rows = 0): void {
    this.#shown.change({waiting: {why: waitingWords(reason, rows), until: Date.now() + ms}});
  }

  #answer(isYes: boolean): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve(isYes);
  }
}
