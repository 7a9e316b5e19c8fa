import {stateFolder} from '../../config.ts';
import {dirname} from 'node:path';
import {FileError} from '../../errors.ts';
import {shellQuote} from '../../shell-quote.ts';
import {loadJobOf, nameJobFile} from '../../runs/load-job-of.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {isPending} from '../../outcome.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import {canonical, hasRowsLeft} from '../../runs/find-unfinished.ts';
import {readRowKeys} from '../../runs/read-row-keys.ts';
import {inputPathOf, readJournal, rereadJournal} from '../../runs/reopen-run.ts';
import {findRun, type RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunIo} from '../run-io.ts';
import type {ResumeSpec, RunSpec} from '../run-spec.ts';
import {baseUrlOf, openTarget, type Target} from '../target.ts';
import {refuseOtherWorld} from '../rehearsal.ts';
import {createdRecords} from './created-records.ts';
import type {OpenedRun, RunStart} from './opened-run.ts';
import {reopenRows} from './reopen-rows.ts';
import {resumeRun} from './resume-run.ts';

/** The rows of a run that are left. */
export async function openResume(
  {run, jobFile: named, settings}: RunSpec & ResumeSpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun | {settled: RunDirectory}> {
  const directory = await findRun(run, settings.out, settings.sandbox ?? false);
  const replayed = await readJournal(directory);
  refuseOtherWorld(replayed.header, directory, {...settings, command: 'resume'});
  if (named !== undefined) await nameJobFile(directory, replayed.header, {stateFolder: stateFolder(), named});
  if (!hasRowsLeft(replayed)) {
    io.notice(`nothing is left to resume in ${directory.id}`);
    return {settled: directory};
  }
  const {header, states} = replayed;
  const job = await loadJobOf(directory, header, stateFolder());
  const left = {shape: header.shape, isPending: (line: number) => isPending(states.outcome(line))};
  const prepared = await reopenRows({directory, header, job}, left, stack).catch((error: unknown) => {
    throw error instanceof FileError && inputPathOf(directory, header) === header.input.path && !header.undoOf
      ? missingFile(error, header)
      : error;
  });
  const begin = async (target: Target, ledger: ApplicationLedger): Promise<RunStart> => {
    const current = await rereadJournal(directory, replayed);
    const start = await resumeRun({directory, replayed: current}, job, baseUrlOf(target), ledger);
    return {...start, ...(await removalsOf(directory, header, ledger))};
  };
  return {job, prepared, openTarget: () => openTarget(settings), begin};
}

/** For an undo, the records that it removes: the run that it undoes lies beside it. */
async function removalsOf(
  {path}: RunDirectory,
  {undoOf}: HeaderEntry,
  {hashKey}: ApplicationLedger,
): Promise<Pick<RunStart, 'removals' | 'removalKeys'>> {
  if (undoOf === undefined) return {};
  const undone = await findRun(undoOf, dirname(path));
  const {ids} = createdRecords((await readJournal(undone)).states);
  return {removals: ids, removalKeys: (await readRowKeys(undone, hashKey.id)).byLine};
}

/** The same work over the same bytes is resumed, wherever the file lies by now. */
function missingFile({message, cause}: FileError, {job, jobFile, shape}: HeaderEntry): FileError {
  const usual = canonical({map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false});
  const options = canonical(shape) === usual ? '' : ' and the options of before';
  const command = `bulk42 run ${shellQuote(jobFile ?? job)} <its new path>${options}`;
  return new FileError(message, {cause, hint: `put it back; where it was moved, go on with: ${command}`});
}
