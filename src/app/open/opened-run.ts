import type {CheckedInput} from '../../input/prepare-input.ts';
import type {Job} from '../../job/job.ts';
import type {Values} from '../../job/row.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {KnownRun} from '../../runs/find-unfinished.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {Target} from '../target.ts';

/** What a journal holds of its run before anything happens. */
export type RunHeader = Omit<HeaderEntry, 'k' | 'v' | 'run'>;

/** Rows that were read and checked, and how their run begins. No request was made yet. */
export interface OpenedRun {
  job: Job;
  prepared: CheckedInput;
  /** Rows that an earlier run has dealt with. */
  isSame?: ((values: Values) => boolean) | undefined;
  /** A plan that has to be executed exactly. */
  savedPlan?: PlanDocument | undefined;
  openTarget: () => Promise<Target>;
  /** Called under the lock: until then another process may add to the journals that show what is left to do. */
  begin: (target: Target) => Promise<RunStart>;
}

/** A new run, or the rest of one. */
export interface RunStart {
  header: RunHeader;
  /** The run that goes on; undefined for a new one. */
  resumed?: KnownRun | undefined;
  /** Keeps a copy of the rows in the folder of a new run, where the file itself may not stay. */
  adopt?: ((directory: RunDirectory) => Promise<void>) | undefined;
  /** For an undo: the ids of the records that it removes, by line. */
  removals?: ReadonlyMap<number, number> | undefined;
}
