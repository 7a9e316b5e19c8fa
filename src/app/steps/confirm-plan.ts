import type {Plan} from '../../plan/assemble-plan.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import {refuseTooManyChanges} from './change-limit.ts';
import type {OpenedRun, RunStart} from '../open/opened-run.ts';
import {refuseOtherPlan} from '../open/saved-plan.ts';
import type {RunContext} from './run-context.ts';

/** Shows what will happen, refuses what changes too much, and asks. */
export async function confirmPlan(
  {io, job, settings}: RunContext,
  {savedPlan}: Pick<OpenedRun, 'savedPlan'>,
  {resumed, removals}: RunStart,
  {plan, document}: {plan: Plan; document: PlanDocument},
): Promise<boolean> {
  if (savedPlan) refuseOtherPlan(savedPlan, document);
  // A resume settles these first, and may have to send them again. A removal is repeated without looking, as planned.
  const inDoubt = removals ? 0 : (resumed?.replayed.states.counts.in_doubt ?? 0);
  await io.showPlan(document, inDoubt);
  refuseTooManyChanges(document, settings);
  return io.confirm({
    rows: plan.actions.changes + inDoubt,
    isRemoval: plan.actions.counts.remove > 0,
    typeTheCount: job.definition.confirm === 'count' || job.definition.additive !== undefined,
  });
}
