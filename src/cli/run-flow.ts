import {rm} from 'node:fs/promises';
import {systemClock as clock} from '../clock.ts';
import {sweepTemporaries} from '../csv/write-file.ts';
import {InputError, Interrupted, LimitError, TemporaryError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';
import {acquireLock, type Lock} from '../journal/lock.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import {openLog} from '../logger.ts';
import {type Summary} from '../report/summary.ts';
import {writeOutputs} from '../report/write-outputs.ts';
import type {Plan} from '../run/assemble-plan.ts';
import {conductRun, type Conducted, type NewRun, type ResumedRun} from '../run/conduct-run.ts';
import {Fingerprints} from '../run/fingerprints.ts';
import {type PlanDocument, planDocument, type PlanFacts} from '../run/plan-document.ts';
import {lockRun} from '../run/lock-run.ts';
import type {PlannedRow} from '../run/describe-row.ts';
import {type CheckedInput} from '../run/prepare-run.ts';
import type {RunDirectory} from '../run/run-directory.ts';
import {applicationOf, clientOf, Session} from '../run/session.ts';
import {shutDownOnSignals} from '../run/shutdown.ts';
import {StopSwitch} from '../run/stop-switch.ts';
import type {Undoing} from '../run/undo.ts';
import {readVersion} from '../version.ts';
import {askToSend} from './ask.ts';
import {notify} from './notify.ts';
import type {Ended} from './command-list.ts';
import {Progress} from './progress.ts';
import {renderError} from './render-error.ts';
import {renderPlan} from './render-plan.ts';
import {renderSummary} from './render-summary.ts';
import {type RunArguments, type RunSettings, runSettings} from './run-settings.ts';
import {refuseOtherPlan} from './saved-plan.ts';
import type {Target} from './target.ts';
import type {Terminal} from './terminal.ts';
import {visibleJson} from './visible.ts';

/** What run, resume and retry each find out in their own way; from here on they are the same. */
export interface Flow {
  job: Job;
  prepared: CheckedInput;
  start: NewRun | ResumedRun;
  facts: Pick<PlanFacts, 'input' | 'existing' | 'onInvalid' | 'options' | 'undoOf'>;
  isSame?: ((values: Values) => boolean) | undefined;
  /** A plan that has to be carried out exactly. */
  savedPlan?: PlanDocument | undefined;
  /** For an undo: the plan, which needs no look-up, and how its rows become requests. */
  undoing?: Undoing | undefined;
}

/**
 * Locks, plans, shows, asks, sends, reports. `findFlow` is called under the lock: until then another process may be
 * adding to the very journal that says what is left to do.
 *
 * @returns the exit code, or the signal that ended the run
 */
export async function runFlow(
  job: Job,
  findFlow: () => Promise<Flow>,
  args: RunArguments,
  target: Target,
  terminal: Terminal,
): Promise<Ended> {
  const settings = runSettings(args);
  const {config, credentials} = target;
  const stop = new StopSwitch();
  const shutdown = shutDownOnSignals(stop, clock, (signal) =>
    terminal.error(`${signal}: waiting for what is on its way; once more to end at once`),
  );
  const locks: Lock[] = [];
  let progress: Progress | undefined;
  const session = new Session({
    config,
    credentials,
    scopes: ['public', ...(job.definition.needs.scopes ?? [])],
    clock,
    stop,
    version: readVersion(),
    ...settings,
    onWait: (reason, ms) => progress?.waiting(reason, ms),
  });
  progress = new Progress({
    terminal,
    silent: args.json || args.quiet || args['no-progress'],
    limits: () => session.connection.limiter.limits,
    now: () => clock.wall(),
  });
  const rows: PlannedRow[] = [];
  const endOfWindow = stopAt(settings.until, stop);
  try {
    const lock = await acquireLock({
      name: applicationOf(config.baseUrl, clientOf(credentials.uid)),
      folder: config.stateFolder,
      clock,
      waitMs: settings.waitLockMs,
      signal: stop.signal,
    });
    locks.push(lock);
    const flow = await findFlow();
    const conducted = await conductRun({
      ...settings,
      prepared: flow.prepared,
      session,
      clock,
      stop,
      lock,
      lockRun: async (directory) => void locks.push(await lockRun(directory, config.stateFolder, clock)),
      reporter: progress,
      openLog,
      start: flow.start,
      onRow: (row) => keepExample(rows, row),
      isSame: flow.isSame,
      undoing: flow.undoing,
      confirm: (plan) => {
        progress.clear();
        return confirmPlan({plan, rows, flow, args, settings, session, target, terminal});
      },
    });
    progress.clear();
    return await conclude(conducted, flow, args, terminal, shutdown.signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    if (shutdown.signal) return {exitCode: 0, signal: shutdown.signal};
    throw new TemporaryError('stopped while planning, before anything was sent', {
      code: stop.reason ?? 'stopped',
      hint: 'allow more requests or more time',
    });
  } finally {
    progress.clear();
    endOfWindow.abort();
    shutdown.dispose();
    await session.close();
    for (const lock of locks) await lock.release();
  }
}

/** Throws the stop switch at the next `minutes` since midnight, unless the run has ended by then. */
function stopAt(minutes: number | undefined, stop: StopSwitch): AbortController {
  const ended = new AbortController();
  if (minutes === undefined) return ended;
  const now = new Date(clock.wall());
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, minutes);
  if (end <= now) end.setDate(end.getDate() + 1);
  void clock.sleep(end.getTime() - now.getTime(), ended.signal).then(() => {
    if (!ended.signal.aborted) stop.throwSwitch('until');
  });
  return ended;
}

const examplesKept = 20;

function keepExample(rows: PlannedRow[], row: PlannedRow): void {
  if (rows.filter(({action}) => action === row.action).length < examplesKept) rows.push(row);
}

interface Confirmation {
  plan: Plan;
  rows: PlannedRow[];
  flow: Flow;
  args: RunArguments;
  settings: RunSettings;
  session: Session;
  target: Target;
  terminal: Terminal;
}

/** Shows what will happen, refuses what changes too much, and asks. */
async function confirmPlan({
  plan,
  rows,
  flow,
  args,
  settings,
  session,
  target,
  terminal,
}: Confirmation): Promise<boolean> {
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
  if (!args.json && !args.quiet) terminal.error(renderPlan(document, terminal));
  refuseTooManyChanges(document, settings);
  return askToSend({
    terminal,
    yes: args.yes,
    writes: document.requests.writes,
    typeTheCount: flow.job.definition.confirm === 'count',
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

/** Writes the outputs of a run that has ended, says how it ended and how to go on. */
async function conclude(
  {directory, failure, exitCode}: Conducted,
  flow: Flow,
  args: RunArguments,
  terminal: Terminal,
  signal: NodeJS.Signals | undefined,
): Promise<Ended> {
  const replayed = await replay(directory.journal);
  if (!replayed) throw new InputError('the journal of this run is empty');
  await sweepTemporaries(directory.path);
  const summary = await writeOutputs(directory, replayed, flow.prepared.input);
  if (summary.state === 'finished') await keepFingerprints(directory, replayed, flow);
  await notify(args, summary, terminal);
  if (args.json) terminal.result(visibleJson(summary, 2));
  else terminal.result(renderSummary(summary, directory.path, terminal));
  if (failure !== undefined) renderError(failure, terminal, false);
  const next = nextCommand(summary, args.out);
  if (next) terminal.error(next);
  // What went wrong by itself weighs more than that somebody ended it.
  return signal && failure === undefined ? {exitCode, signal} : {exitCode};
}

/** A record of the successful rows, for a later run's --changed-since. */
async function keepFingerprints(
  {fingerprints}: RunDirectory,
  {states}: Replayed,
  {job, prepared}: Flow,
): Promise<void> {
  async function* successful(): AsyncGenerator<Values> {
    for await (const batch of prepared.input.rows()) {
      for (const {line, parsed} of batch) {
        const isGood = ['created', 'updated', 'unchanged'].includes(states.outcome(line));
        if (isGood && 'values' in parsed) yield parsed.values;
      }
    }
  }
  await rm(fingerprints, {force: true});
  await Fingerprints.fresh(job).write(fingerprints, successful());
}

/** How to go on, when rows are left. */
export function nextCommand({counts, run}: Summary, out: string): string | undefined {
  const where = out === 'runs' ? '' : ` --out ${out}`;
  if (counts.not_started + counts.in_doubt > 0)
    return `rows are left; go on with: bulk42 resume ${run}${where}`;
  if (counts.failed + counts.invalid > 0)
    return `mend the rows in retry.csv, then: bulk42 retry ${run}${where}`;
  return undefined;
}

/** The API as journals name it: without a slash at the end. */
export function baseUrlOf({config}: Target): string {
  return config.baseUrl.href.replace(/\/$/, '');
}
