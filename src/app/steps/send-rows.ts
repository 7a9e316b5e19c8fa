import {Bulk42Error, Interrupted} from '../../errors.ts';
import {exitCodeOf} from '../../exit-code.ts';
import type {Plan} from '../../plan/assemble-plan.ts';
import {CircuitBreaker} from '../../send/circuit-breaker.ts';
import {executePlan} from '../../send/execute-plan.ts';
import type {RunStart} from '../open/opened-run.ts';
import type {OpenJournal} from './open-journal.ts';
import type {RunContext} from './run-context.ts';
import type {SendingSettings} from '../run-spec.ts';

/** How the sending ended. */
export interface SendingEnd {
  exitCode: number;
  /** What ended it before its rows were done. */
  failure: unknown;
}

/** Executes the plan and closes the journal, whatever happened. */
export async function sendRows(
  context: RunContext,
  settings: SendingSettings,
  plan: Plan,
  {journal, states}: OpenJournal,
  {header, resumed, removalKeys}: RunStart,
): Promise<SendingEnd> {
  const {io, stop, clock, session, prepared, hashes, maySend, heldSince, shared} = context;
  const {connection, reader} = session;
  session.keepAccountIn(journal);
  noteLimits(context, journal);
  const minSettleMs = Math.max(settings.settle * 1000, resumed?.replayed.settleMs ?? 0);
  let failure: unknown;
  try {
    if (plan.actions.writes > 0 || states.doubts.size > 0)
      await shared?.beginWriting(minSettleMs, stop.signal);
    await executePlan({
      settings,
      input: prepared.input,
      files: prepared.files,
      plan,
      journal,
      states,
      connection,
      reader,
      clock,
      stop,
      breaker: createBreaker(context, journal),
      maySend,
      onWait: (rows, ms) => io.waiting('settle', ms, rows),
      hashes,
      existing: header.existing,
      removalKeys,
      minSettleMs,
      onSettleTime: (ms) => shared?.settleWithin(ms),
      ...(resumed && {resumedAt: heldSince}),
    });
  } catch (error) {
    failure = error instanceof Interrupted ? undefined : error;
  }
  try {
    noteLimits(context, journal);
    await journal.append(lastEntry(context, states.counts, failure));
    await journal.close();
  } catch (error) {
    failure = error;
  }
  return {exitCode: exitCodeOf(states.counts, failure, stop.reason), failure};
}

function createBreaker(
  {io, stop, clock, session}: RunContext,
  journal: OpenJournal['journal'],
): CircuitBreaker {
  return new CircuitBreaker({
    clock,
    stop: stop.signal,
    isAlive: async () => {
      const result = await session.connection.read({path: 'oauth/token/info'}, 'probe');
      return 'response' in result && result.kind !== 'server_error';
    },
    onPause: (why, ms) => {
      journal.note({k: 'pause', why, ms});
      io.waiting(why, ms);
    },
  });
}

/** The entry that closes a journal shows whether anything is left. */
function lastEntry(
  {stop}: RunContext,
  counts: OpenJournal['states']['counts'],
  failure: unknown,
): Parameters<OpenJournal['journal']['append']>[0] {
  const n = {...counts};
  const code = exitCodeOf(n, failure, stop.reason);
  const hasStopped = failure !== undefined || stop.reason !== undefined;
  const isLeft =
    n.not_started > 0 || (hasStopped && n.in_doubt > 0) || (stop.reason?.startsWith('SIG') ?? false);
  return isLeft ? {k: 'stop', why: stopReasonOf(failure, stop.reason), code, n} : {k: 'complete', code, n};
}

function stopReasonOf(failure: unknown, requested: string | undefined): string {
  if (failure instanceof Bulk42Error) return failure.code;
  return failure === undefined ? (requested ?? 'done') : 'bug';
}

/** For the report: what the run had to keep to. */
function noteLimits({session}: RunContext, journal: OpenJournal['journal']): void {
  const {perSecond, perHour} = session.connection.limiter.limits;
  journal.note({k: 'limits', perSecond, perHour});
}
