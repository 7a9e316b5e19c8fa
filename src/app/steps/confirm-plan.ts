import type {Plan} from '../../plan/assemble-plan.ts';
import type {Job} from '../../job/job.ts';
import {describeSum} from '../../plan/award-sum.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {Question} from '../run-io.ts';
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
  const rows = plan.actions.changes + inDoubt;
  const typed = typedNumber(job, document, rows);
  return io.confirm({rows, isRemoval: plan.actions.counts.remove > 0, ...(typed && {typed})});
}

/** What has to be typed: the sum of what is given, or the number of rows. */
function typedNumber({definition}: Job, {sum, existing}: PlanDocument, rows: number): Question['typed'] {
  if (sum && sum.users > 0)
    return {number: sum.given + sum.taken, of: `${sum.unit}s`, why: `It is ${describeSum(sum)}`};
  // Unlike an undo, it may remove what was never meant: the rows are those of any file.
  if (existing === 'remove') return {number: rows, of: 'rows', why: 'Removed records do not come back'};
  if (definition.confirm !== 'count' && !definition.additive) return undefined;
  return {number: rows, of: 'rows', why: 'People notice this, even if it is undone'};
}
