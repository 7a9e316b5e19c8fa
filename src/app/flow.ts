import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import type {NewRun, ResumedRun} from './execute-run.ts';
import type {PlanDocument, PlanFacts} from '../plan/plan-document.ts';
import type {CheckedInput} from '../input/prepare-input.ts';

/** What run, resume and retry each find out in their own way; from here on they are the same. */
export interface Flow {
  job: Job;
  prepared: CheckedInput;
  start: NewRun | ResumedRun;
  facts: Pick<PlanFacts, 'input' | 'existing' | 'onInvalid' | 'options' | 'undoOf'>;
  isSame?: ((values: Values) => boolean) | undefined;
  /** A plan that has to be carried out exactly. */
  savedPlan?: PlanDocument | undefined;
  /** For an undo: the ids of the records that it removes, by line. */
  removals?: ReadonlyMap<number, number> | undefined;
}
