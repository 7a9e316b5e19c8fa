import {rm} from 'node:fs/promises';
import {DiskError, InputError, LockedError} from '../../errors.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import type {RowHash} from '../../input/row-hashes.ts';
import {withIds} from '../../job/row-users.ts';
import {replay, type Replayed} from '../../journal/replay.ts';
import {isSuccess} from '../../outcome.ts';
import {summarize} from '../../report/summary.ts';
import {writeOutputs} from '../../report/write-outputs.ts';
import {Fingerprints} from '../../runs/fingerprints.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import {notify} from './notify.ts';
import type {PlannedRun} from './plan-rows.ts';
import type {RunContext} from './run-context.ts';
import type {SendingSettings} from '../run-spec.ts';
import type {SendingEnd} from './send-rows.ts';
import {undecidedLines, type WrittenReport} from '../write-report.ts';

/** How a run ended, and what is known of it. */
export interface RunResult extends WrittenReport, SendingEnd {
  /** Why the outputs could not be written. */
  unwritten?: DiskError | InputError | undefined;
}

/**
 * Writes the outputs of a run that has ended and sends the notification.
 *
 * @throws LockedError (exit 23) when another machine has gone on with it
 */
export async function finishRun(
  context: RunContext,
  settings: SendingSettings,
  directory: RunDirectory,
  planned: PlannedRun,
  {failure, exitCode}: SendingEnd,
): Promise<RunResult> {
  // The folder may be shared, and the run another machine's by now, which writes there.
  if (failure instanceof LockedError) throw failure;
  const {io, ledger, prepared} = context;
  const replayed = await replay(directory.journal);
  // Its folder is gone.
  if (!replayed) throw failure instanceof Error ? failure : new Error('the journal of this run is empty');
  const unwritten = await writeWhatIsDerived(context, directory, replayed, planned);
  // The journal says the same, only later: that the disk is full is said already.
  await ledger.leave(directory, replayed).catch(ignoreDiskError);
  const code = unwritten ? unwritten.exitCode : exitCode;
  const summary = {...summarize(replayed), ...(unwritten && {exitCode: code})};
  const unsent = await notify(settings, summary, context.target.config);
  if (unsent !== undefined) io.warning(`the notification could not be sent (${unsent})`);
  // A file that is another by now has other lines.
  const undecided =
    unwritten instanceof InputError ? [] : await undecidedLines(replayed.states, prepared.input);
  return {directory, replayed, summary, undecided, exitCode: code, failure, unwritten};
}

/** The disk may have no room for it, or the file be another by now; what the journal holds is shown all the same. */
async function writeWhatIsDerived(
  context: RunContext,
  directory: RunDirectory,
  replayed: Replayed,
  planned: PlannedRun,
): Promise<DiskError | InputError | undefined> {
  try {
    await removeTemporaries(directory.path);
    const {state} = await writeOutputs(directory, replayed, context.prepared.input);
    if (state === 'finished') await keepFingerprints(context, directory, replayed, planned);
    return undefined;
  } catch (error) {
    if (error instanceof DiskError || error instanceof InputError) return error;
    throw error;
  }
}

/** A record of the successful rows, for a later run's --changed-since. */
async function keepFingerprints(
  {job, prepared, hashes, ledger: {hashKey}}: RunContext,
  {fingerprints}: RunDirectory,
  {states}: Replayed,
  {plan, keyOfSame}: PlannedRun,
): Promise<void> {
  async function* successful(): AsyncGenerator<RowHash> {
    for await (const batch of prepared.input.rows()) {
      for (const {line, parsed} of batch) {
        // A removed record is no longer as the row says.
        const outcome = states.outcome(line);
        if (!isSuccess(outcome) || outcome === 'removed' || !('values' in parsed)) continue;
        const bound = withIds(job, parsed.values, plan.ids);
        const key =
          'values' in bound ? (await hashes.of(bound.values)).key : await keyOfSame?.(parsed.values);
        // Its logins were looked up by an earlier process: a later run compares it once more.
        if (key !== undefined) yield {row: await hashes.row(parsed.values), key};
      }
    }
  }
  await rm(fingerprints, {force: true});
  await Fingerprints.write(fingerprints, hashKey.id, successful());
}

function ignoreDiskError(error: unknown): void {
  if (!(error instanceof DiskError)) throw error;
}
