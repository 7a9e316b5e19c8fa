import type {CheckedInput} from '../../input/prepare-input.ts';
import type {Job} from '../../job/job.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import type {KnownRun} from '../../runs/find-unfinished.ts';
import type {RecentWrites} from '../../runs/recent-writes.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {Target} from '../target.ts';
import type {EarlierRun} from './changed-since.ts';

/** What a journal holds of its run before anything happens. */
export type RunHeader = Omit<HeaderEntry, 'k' | 'v' | 'run'>;

/** Rows that were read and checked, and how their run begins. No request was made yet. */
export interface OpenedRun {
  job: Job;
  prepared: CheckedInput;
  /** The run whose rows are left alone where they are still the same. */
  earlier?: EarlierRun | undefined;
  /** A plan that has to be executed exactly. */
  savedPlan?: PlanDocument | undefined;
  openTarget: () => Promise<Target>;
  /** Called under the lock: until then another process may add to the journals that show what is left to do. */
  begin: (target: Target, ledger: ApplicationLedger) => Promise<RunStart>;
}

/** A new run, or the rest of one. */
export interface RunStart {
  header: RunHeader;
  /** The run that goes on; undefined for a new one. */
  resumed?: KnownRun | undefined;
  /** What the application wrote so shortly ago that a reading may not show it. */
  recent?: RecentWrites | undefined;
  /** Keeps a copy of the rows in the folder of a new run, where the file itself may not stay. */
  adopt?: ((directory: RunDirectory) => Promise<void>) | undefined;
  /** For an undo: the ids of the records that it removes, by line. */
  removals?: ReadonlyMap<number, number> | undefined;
  /** For an undo: keyed hashes of the keys of its rows, by line, as the undone run noted them. */
  removalKeys?: ReadonlyMap<number, string> | undefined;
}
