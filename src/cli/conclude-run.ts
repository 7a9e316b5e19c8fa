import {rm} from 'node:fs/promises';
import {InputError, LockedError} from '../errors.ts';
import type {Values} from '../job/row.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import type {Summary} from '../report/summary.ts';
import {writeOutputs} from '../report/write-outputs.ts';
import type {Conducted} from '../run/conduct-run.ts';
import {sweepTemporaries} from '../csv/write-file.ts';
import {Fingerprints} from '../run/fingerprints.ts';
import type {RunDirectory} from '../run/run-directory.ts';
import type {Ended} from './command-list.ts';
import type {Flow} from './flow.ts';
import {notify} from './notify.ts';
import {renderError} from './render-error.ts';
import {renderSummary} from './render-summary.ts';
import type {RunArguments} from './run-settings.ts';
import type {Terminal} from './terminal.ts';
import {visibleJson} from './visible.ts';

/**
 * Writes the outputs of a run that has ended, says how it ended and how to go on.
 *
 * @throws LockedError (exit 23) when another machine has gone on with it
 */
export async function conclude(
  {directory, failure, exitCode}: Conducted,
  flow: Flow,
  args: RunArguments,
  terminal: Terminal,
  signal: NodeJS.Signals | undefined,
): Promise<Ended> {
  // The folder may be shared, and the run another machine's by now, which writes there.
  if (failure instanceof LockedError) throw failure;
  const replayed = await replay(directory.journal);
  if (!replayed) throw new InputError('the journal of this run is empty');
  await sweepTemporaries(directory.path);
  const summary = await writeOutputs(directory, replayed, flow.prepared.input);
  if (summary.state === 'finished') await keepFingerprints(directory, replayed, flow);
  await notify(args, summary, terminal);
  if (args.json) terminal.result(visibleJson(summary, 2));
  else terminal.result(renderSummary(summary, directory.path, terminal));
  if (failure !== undefined) renderError(failure, terminal, false);
  const next = nextCommand(summary, args.out, flow.facts.undoOf);
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
export function nextCommand({counts, run}: Summary, out: string, undoOf?: string): string | undefined {
  const where = out === 'runs' ? '' : ` --out ${out}`;
  if (counts.not_started + counts.in_doubt > 0)
    return `rows are left; go on with: bulk42 resume ${run}${where}`;
  const left = counts.failed + counts.invalid;
  if (left > 0 && undoOf !== undefined)
    return `see the report for the reasons, then: bulk42 undo ${undoOf}${where}`;
  if (left > 0) return `mend the rows in retry.csv, then: bulk42 retry ${run}${where}`;
  return undefined;
}
