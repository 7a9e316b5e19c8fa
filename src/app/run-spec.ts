import type {RequestSettings} from '../api/session.ts';
import type {RowShapingOptions} from '../journal/entry.ts';
import type {Existing} from '../plan/decide-row.ts';
import type {PlanDocument} from '../plan/plan-document.ts';
import type {SendSettings} from '../send/execute-plan.ts';
import type {ChangeLimit} from './steps/change-limit.ts';
import type {NotifySettings} from './steps/notify.ts';
import type {SharingSettings} from './sharing.ts';
import type {TimeWindow} from './steps/stop-at.ts';
import type {TargetSettings} from './target.ts';

/** What is to be run, and how. Together with a RunIo this is all that executeRun() needs. */
export type RunSpec = (NewRunSpec | ResumeSpec | RetrySpec | UndoSpec) & {
  settings: RunSettings;
  /** Undefined for a dry run: nothing is locked and nothing is sent, whatever the answer is. */
  sending?: SendingSettings | undefined;
};

/** Each part is declared where it is used. */
export type RunSettings = TargetSettings & RequestSettings & SharingSettings & ChangeLimit & TimeWindow;

export type SendingSettings = SendSettings &
  NotifySettings & {
    /** Seconds to wait for another run to end. */
    waitLock: number;
  };

/** What is decided for rows that are invalid, and for records that exist. */
export interface RowDecisions {
  existing: Existing;
  onInvalid: 'abort' | 'skip';
}

/** A run over a file, or the rest of one where the same work is unfinished. */
export interface NewRunSpec extends RowDecisions {
  kind: 'new';
  /** A name, or the path of a job file. */
  job: string;
  /** A path, or `-` for standard input. */
  file: string;
  stdin: NodeJS.ReadableStream;
  shape: RowShapingOptions;
  /** Rows that are the same as in this earlier run are left alone. */
  changedSince?: string | undefined;
  /** A plan that has to be executed exactly. */
  savedPlan?: PlanDocument | undefined;
}

export interface ResumeSpec {
  kind: 'resume';
  run: string;
  /** The user's own copy of the job file of a run that another machine began. */
  jobFile?: string | undefined;
}

export interface RetrySpec extends Pick<RowDecisions, 'onInvalid'> {
  kind: 'retry';
  run: string;
  /** Default: as in the run that is retried, but that it is looked again what exists. */
  existing?: Existing | undefined;
}

export interface UndoSpec {
  kind: 'undo';
  run: string;
}
