import type {Question} from '../app/run-io.ts';
import type {Counts} from '../outcome.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {Summary} from '../report/summary.ts';
import type {errorDocument} from './respond.ts';

/** What the page shows of the run under way, or of the one that ended last. */
export interface ActivityState {
  phase: 'none' | 'planning' | 'asking' | 'running' | 'ended';
  /** The same as a command line. */
  command: string;
  /** It goes to the embedded API. */
  isRehearsal: boolean;
  notes: string[];
  planning?: {rows: number; of: number};
  /** Counts of the plan; its rows are asked for apart. */
  plan?: Omit<PlanDocument, 'rows'>;
  /** Rows of an earlier process that are settled before anything else. */
  inDoubt?: number;
  /** An answer names it by its id, so that a page that lags behind answers no other. */
  question?: Question & {id: string};
  counts?: Readonly<Counts>;
  requestsLeft?: number;
  /** `until`: milliseconds since 1970. */
  waiting?: {why: string; until: number};
  isStopping?: boolean;
  summary?: Summary;
  undecided?: readonly number[];
  /** The plan was shown, and the answer was no. */
  isDeclined?: boolean;
  error?: ReturnType<typeof errorDocument>;
}
