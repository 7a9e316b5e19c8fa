import {rm} from 'node:fs/promises';
import {DiskError, InputError, LockedError} from '../../errors.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import type {Job} from '../../job/job.ts';
import type {Values} from '../../job/row.ts';
import type {InputRows} from '../../input/input-rows.ts';
import {replay, type Replayed} from '../../journal/replay.ts';
import {isSuccess} from '../../outcome.ts';
import {summarize} from '../../report/summary.ts';
import {writeOutputs} from '../../report/write-outputs.ts';
import {Fingerprints} from '../../runs/fingerprints.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import {notify} from './notify.ts';
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
  {io, job, prepared: {input}}: RunContext,
  settings: SendingSettings,
  directory: RunDirectory,
  {failure, exitCode}: SendingEnd,
): Promise<RunResult> {
  // The folder may be shared, and the run another machine's by now, which writes there.
  if (failure instanceof LockedError) throw failure;
  const replayed = await replay(directory.journal);
  if (!replayed) throw new Error('the journal of this run is empty');
  const unwritten = await writeWhatIsDerived(directory, replayed, job, input);
  const code = unwritten ? unwritten.exitCode : exitCode;
  const summary = {...summarize(replayed), ...(unwritten && {exitCode: code})};
  const unsent = await notify(settings, summary);
  if (unsent !== undefined) io.warning(`the notification could not be sent (${unsent})`);
  // A file that is another by now has other lines.
  const undecided = unwritten instanceof InputError ? [] : await undecidedLines(replayed.states, input);
  return {directory, replayed, summary, undecided, exitCode: code, failure, unwritten};
}

/** The disk may have no room for it, or the file be another by now; what the journal holds is shown all the same. */
async function writeWhatIsDerived(
  directory: RunDirectory,
  replayed: Replayed,
  job: Job,
  input: InputRows,
): Promise<DiskError | InputError | undefined> {
  try {
    await removeTemporaries(directory.path);
    const {state} = await writeOutputs(directory, replayed, input);
    if (state === 'finished') await keepFingerprints(directory, replayed, job, input);
    return undefined;
  } catch (error) {
    if (error instanceof DiskError || error instanceof InputError) return error;
    throw error;
  }
}

/** A record of the successful rows, for a later run's --changed-since. */
async function keepFingerprints(
  {fingerprints}: RunDirectory,
  {states}: Replayed,
  job: Job,
  input: InputRows,
): Promise<void> {
  async function* successful(): AsyncGenerator<Values> {
    for await (const batch of input.rows()) {
      for (const {line, parsed} of batch) {
        // A removed record is no longer as the row says.
        const outcome = states.outcome(line);
        if (isSuccess(outcome) && outcome !== 'removed' && 'values' in parsed) yield parsed.values;
      }
    }
  }
  await rm(fingerprints, {force: true});
  await Fingerprints.create(job).write(fingerprints, successful());
}
