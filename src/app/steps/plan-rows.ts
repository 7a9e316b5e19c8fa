import {assemblePlan, type Plan} from '../../plan/assemble-plan.ts';
import {type PlanDocument, planDocument} from '../../plan/plan-document.ts';
import type {RowStates} from '../../journal/row-states.ts';
import {isPending} from '../../outcome.ts';
import {type Instant, waitSince} from '../../clock.ts';
import {Interrupted} from '../../errors.ts';
import type {CheckedInput} from '../../input/prepare-input.ts';
import {loginsOf} from '../../job/row-users.ts';
import type {RecentKnowledge} from '../../plan/decide-rows.ts';
import {type KeyOfSame, rowsSameAs} from '../open/changed-since.ts';
import {tellLackedRoles} from '../check-access.ts';
import {ExampleRows} from './example-rows.ts';
import type {OpenedRun, RunStart} from '../open/opened-run.ts';
import type {RunContext} from './run-context.ts';

/** A plan, and what else is known of its rows. */
export interface PlannedRun {
  plan: Plan;
  document: PlanDocument;
  /** Of rows that are left alone because they are still as an earlier run left them. */
  keyOfSame: KeyOfSame | undefined;
}

/** Works out what the run would do, by reading only. */
export async function planRows(
  context: RunContext,
  {earlier}: Pick<OpenedRun, 'earlier'>,
  start: RunStart,
): Promise<PlannedRun> {
  const {io, clock, job, prepared, session} = context;
  const {header, resumed, removals} = start;
  const states = resumed?.replayed.states;
  const keyOfSame = earlier && (await rowsSameAs(earlier, job, context));
  const examples = new ExampleRows(io.plannedRows);
  let seen = 0;
  const plan = await assemblePlan({
    input: prepared.input,
    checker: prepared.checker,
    reader: session.reader,
    existing: header.existing,
    // An undo removes records by their ids, also where an earlier process left the removal in doubt.
    removals,
    now: new Date(clock.wall()),
    logins: await loginsToLookUp(prepared, keyOfSame, states),
    isPending:
      states &&
      ((line) => (removals ? isPending(states.outcome(line)) : states.outcome(line) === 'not_started')),
    onRow: (action, describe) => examples.offer(action, describe),
    isSame: keyOfSame && (async (values) => (await keyOfSame(values)) !== undefined),
    notedIds: states && ((line) => states.sentBefore(line)?.ids),
    recent: await knowRecent(context, start),
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
    warnings: [...prepared.warnings, ...tellLackedRoles(session.connection.roles, job)],
  });
  return {plan, document, keyOfSame};
}

/** Rows that are left alone, and those that were sent, need no look-up. */
async function loginsToLookUp(
  {input, checked}: CheckedInput,
  keyOfSame: KeyOfSame | undefined,
  states: RowStates | undefined,
): Promise<readonly string[]> {
  if (!keyOfSame && !states) return checked.logins;
  const logins = new Set<string>();
  // What was sent is bound to its ids for good: a login may be another person's by now.
  const isOpen = (line: number) =>
    states?.outcome(line) === 'not_started' && states.sentBefore(line)?.ids === undefined;
  for await (const batch of input.pendingRows(states && isOpen)) {
    for (const {parsed} of batch) {
      if (!('values' in parsed) || (await keyOfSame?.(parsed.values)) !== undefined) continue;
      for (const login of loginsOf(input.job, parsed.values)) logins.add(login);
    }
  }
  return [...logins];
}

/** Where it is unknown what was written just now, no absence is certain before that can be seen. */
async function knowRecent(
  {io, clock, stop, hashes, isReadOnly, lease, heldSince}: RunContext,
  {header: {existing}, recent, removals}: RunStart,
): Promise<RecentKnowledge | undefined> {
  if (!recent || removals || existing === 'send' || isReadOnly) return undefined;
  const wait = async (since: Instant, ms: number) => {
    await waitSince(clock, since, ms, stop.signal);
    if (stop.signal.aborted) throw new Interrupted();
  };
  if (recent.unknownMs > 0) {
    io.waiting('unknown', recent.unknownMs);
    await wait(recent.foundAt, recent.unknownMs);
  }
  if (lease && lease.unsettledMs > 0) {
    io.waiting('elsewhere', lease.unsettledMs);
    await wait(heldSince, lease.unsettledMs);
  }
  return {
    writes: recent,
    hashes,
    wait: async (ms, rows) => {
      io.waiting('recent', ms, rows);
      await wait(recent.foundAt, ms);
    },
  };
}
