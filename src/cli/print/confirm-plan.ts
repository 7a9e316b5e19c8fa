import {systemClock as clock} from '../../clock.ts';
import {LimitError} from '../../errors.ts';
import type {Plan} from '../../plan/assemble-plan.ts';
import type {PlannedRow} from '../../plan/describe-row.ts';
import {type PlanDocument, planDocument} from '../../plan/plan-document.ts';
import type {Session} from '../../api/session.ts';
import {askToSend} from '../ask.ts';
import type {Flow} from '../../app/flow.ts';
import {renderPlan} from './render-plan.ts';
import type {RunArguments, RunSettings} from '../../app/run-settings.ts';
import {refuseOtherPlan} from '../../app/saved-plan.ts';
import {baseUrlOf, type Target} from '../../app/target.ts';
import type {Terminal} from '../terminal.ts';

interface Confirmation {
  plan: Plan;
  rows: PlannedRow[];
  flow: Flow;
  args: RunArguments;
  settings: RunSettings;
  session: Session;
  target: Target;
  terminal: Terminal;
  stop: AbortSignal;
}

/** Shows what will happen, refuses what changes too much, and asks. */
export async function confirmPlan({
  plan,
  rows,
  flow,
  args,
  settings,
  session,
  target,
  terminal,
  stop,
}: Confirmation): Promise<boolean> {
  // A resume settles these first, and may have to send them again. A removal is repeated without looking, as planned.
  const inDoubt = !flow.removals && 'replayed' in flow.start ? flow.start.replayed.states.counts.in_doubt : 0;
  const document = planDocument(plan, {
    ...flow.facts,
    job: flow.job,
    baseUrl: baseUrlOf(target),
    rows,
    reads: session.spent.reads,
    limits: session.connection.limiter.limits,
    now: clock.wall(),
    warnings: flow.prepared.input.csv.warnings,
  });
  if (flow.savedPlan) refuseOtherPlan(flow.savedPlan, document);
  if (!args.json && !args.quiet)
    terminal.error(renderPlan(document, terminal, {withRows: terminal.isLive, inDoubt}));
  refuseTooManyChanges(document, settings);
  return askToSend({
    terminal,
    yes: args.yes,
    rows: plan.actions.changes + inDoubt,
    isRemoval: plan.actions.counts.remove > 0,
    typeTheCount: flow.job.definition.confirm === 'count',
    stop,
  });
}

export function refuseTooManyChanges(
  {counts, input}: PlanDocument,
  {maxChanges}: Pick<RunArguments, 'maxChanges'>,
): void {
  if (!maxChanges) return;
  const changes = counts.create + counts.update + counts.remove;
  const most = 'rows' in maxChanges ? maxChanges.rows : (input.rows * maxChanges.percent) / 100;
  if (changes <= most) return;
  throw new LimitError(
    `${changes} of ${input.rows} rows would be created, updated or removed, more than --max-changes allows`,
    {
      code: 'max_changes',
      hint: 'is it the right file? bulk42 plan shows what would change',
    },
  );
}
