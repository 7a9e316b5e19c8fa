import {systemClock as clock} from '../clock.ts';
import {LimitError} from '../errors.ts';
import type {Plan} from '../run/assemble-plan.ts';
import type {PlannedRow} from '../run/describe-row.ts';
import {type PlanDocument, planDocument} from '../run/plan-document.ts';
import type {Session} from '../run/session.ts';
import {askToSend} from './ask.ts';
import type {Flow} from './flow.ts';
import {renderPlan} from './render-plan.ts';
import type {RunArguments, RunSettings} from './run-settings.ts';
import {refuseOtherPlan} from './saved-plan.ts';
import {baseUrlOf, type Target} from './target.ts';
import type {Terminal} from './terminal.ts';

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
  // A resume settles these first, and may have to send them again.
  const inDoubt = 'replayed' in flow.start ? flow.start.replayed.states.counts.in_doubt : 0;
  const ofDoubt = `${inDoubt} in doubt: read back first, and sent again only if they were surely not applied`;
  const document = planDocument(plan, {
    ...flow.facts,
    job: flow.job,
    baseUrl: baseUrlOf(target),
    rows,
    reads: session.spent.reads,
    limits: session.connection.limiter.limits,
    now: clock.wall(),
    warnings: [...flow.prepared.input.csv.warnings, ...(inDoubt > 0 ? [ofDoubt] : [])],
  });
  if (flow.savedPlan) refuseOtherPlan(flow.savedPlan, document);
  if (!args.json && !args.quiet) terminal.error(renderPlan(document, terminal, terminal.isLive));
  refuseTooManyChanges(document, settings);
  return askToSend({
    terminal,
    yes: args.yes,
    writes: document.requests.writes + inDoubt,
    typeTheCount: flow.job.definition.confirm === 'count',
    stop,
  });
}

export function refuseTooManyChanges(
  {requests, input}: PlanDocument,
  {maxChanges}: Pick<RunSettings, 'maxChanges'>,
): void {
  if (!maxChanges) return;
  const most = 'rows' in maxChanges ? maxChanges.rows : (input.rows * maxChanges.percent) / 100;
  if (requests.writes <= most) return;
  throw new LimitError(
    `${requests.writes} of ${input.rows} rows would be created or updated, more than --max-changes allows`,
    {
      code: 'max_changes',
      hint: 'is it the right file? bulk42 plan shows what would change',
    },
  );
}
