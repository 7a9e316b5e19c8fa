import {rm} from 'node:fs/promises';
import {DiskError, InputError, LockedError} from '../../errors.ts';
import type {Values} from '../../job/row.ts';
import {isSuccess} from '../../outcome.ts';
import {replay, type Replayed} from '../../journal/replay.ts';
import {summarize} from '../../report/summary.ts';
import {writeOutputs} from '../../report/write-outputs.ts';
import type {RunResult} from '../../app/execute-run.ts';
import {removeTemporaries} from '../../files/write-file.ts';
import {Fingerprints} from '../../runs/fingerprints.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {CommandResult} from '../command-result.ts';
import type {Flow} from '../../app/flow.ts';
import {howToGoOn} from './how-to-go-on.ts';
import {notify} from '../notify.ts';
import {renderError} from './render-error.ts';
import {renderSummary} from './render-summary.ts';
import type {RunArguments} from '../../app/run-settings.ts';
import type {Terminal} from '../terminal.ts';
import {toPrintableJson} from './escape-control-characters.ts';

const sandboxEnds =
  'the sandbox of this command is gone with it; to go on in one, start bulk42 sandbox in a terminal of its own first';

/**
 * Writes the outputs of a run that has ended, says how it ended and how to go on.
 *
 * @throws LockedError (exit 23) when another machine has gone on with it
 */
export async function conclude(
  {directory, failure, exitCode}: RunResult,
  flow: Flow,
  args: RunArguments,
  terminal: Terminal,
  signal: NodeJS.Signals | undefined,
): Promise<CommandResult> {
  // The folder may be shared, and the run another machine's by now, which writes there.
  if (failure instanceof LockedError) throw failure;
  const replayed = await replay(directory.journal);
  if (!replayed) throw new Error('the journal of this run is empty');
  const unwritten = await writeWhatIsDerived(directory, replayed, flow);
  const code = unwritten ? unwritten.exitCode : exitCode;
  const summary = {...summarize(replayed), ...(unwritten && {exitCode: code})};
  await notify(args, summary, terminal);
  if (args.json) terminal.result(toPrintableJson(summary, 2));
  else if (!args.quiet || code !== 0) {
    const folder = unwritten ? undefined : directory.path;
    terminal.result(renderSummary(summary, folder, terminal));
  }
  if (failure !== undefined) renderError(failure, terminal, false);
  // What ended the run is mostly what keeps the reports from being written, too.
  if (unwritten && failure?.constructor !== unwritten.constructor) renderError(unwritten, terminal, false);
  const next = await howToGoOn({
    replayed,
    input: unwritten instanceof InputError ? undefined : flow.prepared.input,
    directory,
    out: args.out,
    isUnwritten: unwritten !== undefined,
  });
  if (args.sandbox && next.length > 0) terminal.error(sandboxEnds);
  for (const line of next) terminal.error(line);
  // What went wrong by itself weighs more than that somebody ended it.
  return signal && failure === undefined && !unwritten ? {exitCode: code, signal} : {exitCode: code};
}

/** The disk may have no room for it, or the file be another by now; what the journal says is said all the same. */
async function writeWhatIsDerived(
  directory: RunDirectory,
  replayed: Replayed,
  flow: Flow,
): Promise<DiskError | InputError | undefined> {
  try {
    await removeTemporaries(directory.path);
    const {state} = await writeOutputs(directory, replayed, flow.prepared.input);
    if (state === 'finished') await keepFingerprints(directory, replayed, flow);
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
  {job, prepared}: Flow,
): Promise<void> {
  async function* successful(): AsyncGenerator<Values> {
    for await (const batch of prepared.input.rows()) {
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
