import type {CheckedInput} from '../input/prepare-input.ts';
import type {Limits} from '../limits/limit-call.ts';
import type {LimitWait} from '../limits/limit-state.ts';
import type {LogFacts} from '../logger.ts';
import type {Counts} from '../outcome.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {PauseReason} from '../send/circuit-breaker.ts';
import type {StopSignal} from '../stop-signal.ts';

/**
 * `recent`: rows that were written just now are not shown yet; `unknown`: what was written just now is not known;
 * `elsewhere`: nor what another machine wrote.
 */
export type WaitReason = LimitWait | 'settle' | 'recent' | 'unknown' | 'elsewhere' | PauseReason | 'redis';

export interface Question {
  /** Rows that would be sent. */
  rows: number;
  /** Records are removed. */
  isRemoval: boolean;
  /** This number has to be typed, since people notice what is about to happen. */
  typed?: {number: number; of: string; why: string};
}

/** How a run shows what it does, and asks. A terminal, a page and a test each have their own. */
export interface RunIo {
  /** Whether confirm() can get an answer. Where it cannot, nothing is read from the API. */
  readonly canConfirm: boolean;
  /** Rows of the plan document: the first few of each kind, all that are not left alone, or all. */
  readonly plannedRows: 'few' | 'changes' | 'all';
  /** From now on the person can end the run in an orderly way, by `stop`. Returns what ends that. */
  listenForStop(stop: StopSignal): () => void;
  /** A sentence of no consequence. */
  notice(text: string): void;
  /** A sentence that has to be read. */
  warning(text: string): void;
  /** What is wrong with the file's rows. */
  problems(found: Pick<CheckedInput, 'problems' | 'problemCount'>): void;
  /** Rows looked up so far. */
  planning(rows: number, of: number): void;
  /** `inDoubt`: rows of an earlier process that are settled before anything else. */
  showPlan(plan: PlanDocument, inDoubt: number): void | Promise<void>;
  /** The question before the first write. False: nothing is to be sent. */
  confirm(question: Question): Promise<boolean>;
  progress(counts: Readonly<Counts>, limits: () => Limits): void;
  waiting(reason: WaitReason, ms: number, rows?: number): void;
  /** Gets each line of the run's log too, which is then kept in detail. */
  log?: ((facts: LogFacts) => void) | undefined;
}
