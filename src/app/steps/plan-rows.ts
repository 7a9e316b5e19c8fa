import {assemblePlan, type Plan} from '../../plan/assemble-plan.ts';
import {type PlanDocument, planDocument} from '../../plan/plan-document.ts';
import {isPending} from '../../outcome.ts';
import {ExampleRows} from './example-rows.ts';
import type {OpenedRun, RunStart} from '../open/opened-run.ts';
import type {RunContext} from './run-context.ts';

/** Works out what the run would do, by reading only. */
export async function planRows(
  {io, clock, job, prepared, session}: RunContext,
  {isSame}: Pick<OpenedRun, 'isSame'>,
  {header, resumed, removals}: RunStart,
): Promise<{plan: Plan; document: PlanDocument}> {
  const states = resumed?.replayed.states;
  const examples = new ExampleRows(io.plannedRows);
  let seen = 0;
  const plan = await assemblePlan({
    input: prepared.input,
    checker: prepared.checker,
    reader: session.reader,
    existing: header.existing,
    // Records are removed by their ids, also where an earlier process left the removal in doubt.
    removal: removals && {ids: removals, now: new Date(clock.wall())},
    logins: removals ? [] : prepared.checked.logins,
    isPending:
      states &&
      ((line) => (removals ? isPending(states.outcome(line)) : states.outcome(line) === 'not_started')),
    onRow: (action, describe) => examples.offer(action, describe),
    isSame,
    onProgress: (rows) => io.planning((seen += rows), prepared.checked.rows),
  });
  prepared.checker.forgetKeys();
  const {path, sha256, rows} = header.input;
  const document = planDocument(plan, {
    job,
    input: {path, sha256, rows},
    baseUrl: header.baseUrl,
    existing: header.existing,
    onInvalid: header.onInvalid,
    options: header.shape,
    undoOf: header.undoOf,
    rows: examples.rows,
    reads: session.spent.reads,
    limits: session.connection.limiter.limits,
    now: clock.wall(),
    warnings: prepared.warnings,
  });
  return {plan, document};
}
