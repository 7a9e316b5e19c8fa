import type {LimitWait} from '../limits/limiter.ts';
import {type Clock, instant, type Instant} from '../clock.ts';
import {Bulk42Error, Interrupted, UsageError} from '../errors.ts';
import type {Values} from '../job/row.ts';
import type {HeaderEntry, StampedEntry} from '../journal/entry.ts';
import {Journal} from '../journal/journal.ts';
import type {Lock} from '../files/lock.ts';
import type {Replayed} from '../journal/replay.ts';
import {RowStates} from '../journal/row-states.ts';
import type {Logger} from '../logger.ts';
import {type Counts, isPending} from '../outcome.ts';
import {assemblePlan, type OnRow, type Plan} from '../plan/assemble-plan.ts';
import {CircuitBreaker, type PauseReason} from '../send/circuit-breaker.ts';
import {executePlan} from '../send/execute-plan.ts';
import {exitCodeOf} from '../exit-code.ts';
import type {FailureLimit} from '../send/failure-limit.ts';
import {logEntry} from '../send/log-entry.ts';
import type {CheckedInput} from '../input/prepare-input.ts';
import {createRunDirectory, type RunDirectory} from '../runs/run-directory.ts';
import type {Session} from '../api/session.ts';
import type {StopSignal} from '../stop-signal.ts';

/** How a run tells what it is doing. The run itself prints nothing. */
export interface RunReporter {
  /** Rows looked up so far. */
  planning(rows: number, of: number): void;
  progress(counts: Readonly<Counts>, requests: RowStates['requests']): void;
  waiting(reason: LimitWait | 'settle' | PauseReason | 'redis', ms: number, rows?: number): void;
}

export interface ExecuteRunOptions {
  prepared: CheckedInput;
  session: Session;
  clock: Clock;
  stop: StopSignal;
  lock: Lock;
  /** The lease's fencing number, where other machines could take the run over. */
  fence?: number | undefined;
  /** Takes the run for this process alone. */
  lockRun: (directory: RunDirectory) => Promise<void>;
  reporter: RunReporter;
  openLog: (path: string) => Logger;
  /** Requests in flight; undefined: twice the limit of a second, as it is known by then. */
  concurrency: number | undefined;
  failureLimit: FailureLimit;
  settleMs: number;
  onRow?: OnRow | undefined;
  /** Rows that an earlier run has dealt with. */
  isSame?: ((values: Values) => boolean) | undefined;
  /** For an undo: the ids of the records that it removes, by line. */
  removals?: ReadonlyMap<number, number> | undefined;
  /** Shows the plan and asks. False: nothing is to be sent. */
  confirm(plan: Plan): Promise<boolean>;
  start: NewRun | ResumedRun;
}

export interface NewRun {
  out: string;
  header: Omit<HeaderEntry, 'k' | 'v' | 'run'>;
  /** Moves spooled standard input into the run's folder. */
  adopt?(directory: RunDirectory): Promise<void>;
}

export interface ResumedRun {
  directory: RunDirectory;
  replayed: Replayed;
}

export interface RunResult {
  directory: RunDirectory;
  exitCode: number;
  counts: Counts;
  /** What ended the run before its rows were done. */
  failure: unknown;
}

/**
 * Plans, asks, and carries out: a new run, or the rest of one. The folder and the journal of a new run come into
 * being only after the answer, so that a refused run leaves nothing behind.
 */
export async function executeRun(options: ExecuteRunOptions): Promise<RunResult> {
  const {clock, start, session} = options;
  // Whoever sent before us is dead from the moment that we hold the lock, and not from when it wrote its intents.
  const heldSince = instant(clock);
  const plan = await planRows(options);
  if (!(await options.confirm(plan)))
    throw new UsageError('the answer was no; nothing was sent', {code: 'declined', hint: undefined});
  const {directory, journal, states} = await openJournal(options);
  session.keepAccountIn(journal);
  noteLimits(session, journal);
  const failure = await carryOutAndClose(
    options,
    plan,
    journal,
    states,
    'directory' in start ? heldSince : undefined,
  );
  return {directory, ...failure, counts: states.counts};
}

async function planRows(options: ExecuteRunOptions): Promise<Plan> {
  const {prepared, session, start, reporter, removals, clock} = options;
  const states = 'replayed' in start ? start.replayed.states : undefined;
  const existing = 'replayed' in start ? start.replayed.header.existing : start.header.existing;
  let seen = 0;
  return assemblePlan({
    input: prepared.input,
    checker: prepared.checker,
    reader: session.reader,
    existing,
    // Records are removed by their ids, also where an earlier process left the removal in doubt.
    removal: removals && {ids: removals, now: new Date(clock.wall())},
    logins: removals ? [] : prepared.checked.logins,
    isPending:
      states &&
      ((line) => (removals ? isPending(states.outcome(line)) : states.outcome(line) === 'not_started')),
    onRow: options.onRow,
    isSame: options.isSame,
    onProgress: (rows) => reporter.planning((seen += rows), prepared.checked.rows),
  });
}

async function openJournal({
  start,
  clock,
  reporter,
  prepared,
  lockRun,
  openLog,
  fence,
}: ExecuteRunOptions): Promise<{
  directory: RunDirectory;
  journal: Journal;
  states: RowStates;
}> {
  const open = {k: 'open', pid: process.pid, ...(fence !== undefined && {fence})} as const;
  if ('directory' in start) {
    const {directory, replayed} = start;
    const {states} = replayed;
    await lockRun(directory);
    const folded = followJournal(states, reporter, openLog(directory.log));
    const journal = await Journal.reopen(directory.journal, clock, replayed.end, folded, fence !== undefined);
    const {torn} = replayed.end;
    await journal.append({...open, ...(torn > 0 && {cut: torn})});
    return {directory, journal, states};
  }
  const states = new RowStates(prepared.checked.rows);
  const directory = await createRunDirectory(start.out, folderNameOf(start.header), clock.wall());
  await lockRun(directory);
  await start.adopt?.(directory);
  const folded = followJournal(states, reporter, openLog(directory.log));
  const journal = await Journal.create(directory.journal, clock, folded);
  journal.note({k: 'header', v: 1, run: directory.id, ...start.header});
  await journal.append(open);
  return {directory, journal, states};
}

/** Everything that a run says of itself comes from what is in its journal. */
function followJournal(states: RowStates, reporter: RunReporter, log: Logger): (entry: StampedEntry) => void {
  // Rows whose answer is still awaited count as in doubt, since a crash would leave them so; to somebody who watches
  // they are simply not done yet.
  const underWay = new Set<number>();
  return (entry) => {
    states.fold(entry);
    if (entry.k === 'intent') underWay.add(entry.r);
    else if ('r' in entry) underWay.delete(entry.r);
    const {in_doubt: inDoubt, not_started: notStarted} = states.counts;
    const counts = {
      ...states.counts,
      in_doubt: inDoubt - underWay.size,
      not_started: notStarted + underWay.size,
    };
    reporter.progress(counts, states.requests);
    logEntry(log, entry);
  };
}

async function carryOutAndClose(
  options: ExecuteRunOptions,
  plan: Plan,
  journal: Journal,
  states: RowStates,
  resumedAt: Instant | undefined,
): Promise<{exitCode: number; failure: unknown}> {
  const {clock, stop, session, reporter, prepared, lock} = options;
  const {connection, reader} = session;
  let failure: unknown;
  try {
    await executePlan({
      ...options,
      input: prepared.input,
      files: prepared.files,
      plan,
      journal,
      states,
      connection,
      reader,
      breaker: new CircuitBreaker({
        clock,
        stop: stop.signal,
        isAlive: async () => {
          const result = await connection.read({path: 'oauth/token/info'}, 'probe');
          return 'response' in result && result.kind !== 'server_error';
        },
        onPause: (why, ms) => {
          journal.note({k: 'pause', why, ms});
          reporter.waiting(why, ms);
        },
      }),
      isSender: () => lock.held,
      // The server's own working time tells how long it may still be busy with what it received.
      settleMs: () => Math.max(options.settleMs, 10 * connection.maxRuntimeMs),
      onWait: (rows, ms) => reporter.waiting('settle', ms, rows),
      ...(resumedAt && {resumedAt}),
    });
  } catch (error) {
    failure = error instanceof Interrupted ? undefined : error;
  }
  const exitCode = exitCodeOf(states.counts, failure, stop.reason);
  const n = {...states.counts};
  const isLeft =
    n.not_started > 0 ||
    ((failure ?? stop.reason) !== undefined && n.in_doubt > 0) ||
    (stop.reason?.startsWith('SIG') ?? false);
  try {
    noteLimits(session, journal);
    await journal.append(
      isLeft ? {k: 'stop', why: whyOf(failure, stop), code: exitCode, n} : {k: 'complete', code: exitCode, n},
    );
    await journal.close();
  } catch (error) {
    failure = error;
  }
  return {exitCode: exitCodeOf(states.counts, failure, stop.reason), failure};
}

/** For the report: what the run had to keep to. */
function noteLimits({connection}: Session, journal: Journal): void {
  const {perSecond, perHour} = connection.limiter.limits;
  journal.note({k: 'limits', perSecond, perHour});
}

function folderNameOf({job, undoOf}: Pick<HeaderEntry, 'job' | 'undoOf'>): string {
  return (undoOf === undefined ? '' : 'undo-') + job.replace(/[^\w-]/g, '_');
}

function whyOf(failure: unknown, stop: StopSignal): string {
  if (failure instanceof Bulk42Error) return failure.code;
  return failure === undefined ? (stop.reason ?? 'done') : 'bug';
}
