import {systemClock as clock} from '../../clock.ts';
import {stateFolder} from '../../config.ts';
import {InputError, UsageError} from '../../errors.ts';
import {requireRemoval} from '../../job/job-for.ts';
import {loadJobOf} from '../../runs/load-job-of.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import {canonical, type KnownRun} from '../../runs/find-unfinished.ts';
import {lockRun} from '../../runs/lock-run.ts';
import {readRowKeys} from '../../runs/read-row-keys.ts';
import {inputPathOf, readJournal} from '../../runs/reopen-run.ts';
import {argumentOfRun, findRun, type RunDirectory} from '../../runs/run-directory.ts';
import {shellQuote} from '../../shell-quote.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunIo} from '../run-io.ts';
import type {RunSpec, UndoSpec} from '../run-spec.ts';
import {baseUrlOf, openTarget, type Target} from '../target.ts';
import {refuseOtherWorld} from '../rehearsal.ts';
import {createdRecords, lineRanges} from './created-records.ts';
import {newHeader} from './new-header.ts';
import {copyPrivately} from './open-source.ts';
import type {OpenedRun, RunStart} from './opened-run.ts';
import {reopenRows} from './reopen-rows.ts';
import {refuseOtherTarget, resumeRun} from './resume-run.ts';

/** The removal of exactly what a run created, as a run of its own. */
export async function openUndo(
  {run, settings, sending}: RunSpec & UndoSpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun> {
  const directory = await findRun(run, settings.out, settings.sandbox ?? false);
  // A process that is at work on the run creates more: its journal is read when that has ended.
  const waitMs = (sending?.waitLock ?? 0) * 1000;
  const lock = sending && (await lockRun(directory, stateFolder(), clock, waitMs));
  await lock?.release();
  const replayed = await readJournal(directory);
  const {header, states} = replayed;
  refuseOtherWorld(header, directory, {...settings, command: 'undo'});
  if (header.undoOf !== undefined) throw undoOfUndo(directory.id, header);
  const {ids, withoutId} = createdRecords(states);
  if (withoutId > 0) io.warning(`${withoutId} created records have no known id and are left alone`);
  if (states.counts.updated > 0)
    io.warning(`${states.counts.updated} updates are not undone: what was there before is not kept`);
  if (ids.size === 0) {
    throw new UsageError(`run ${directory.id} created nothing that could be removed`, {
      code: 'nothing_to_undo',
      hint: undefined,
    });
  }
  const job = await loadJobOf(directory, header, stateFolder());
  requireRemoval(job, 'no_undo');
  const {limit: _limit, ...shaping} = header.shape;
  const shape: HeaderEntry['shape'] = {...shaping, lines: lineRanges(ids.keys())};
  const prepared = await reopenRows({directory, header, job}, {shape}, stack);
  const begin = async (target: Target, ledger: ApplicationLedger): Promise<RunStart> => {
    refuseOtherTarget(header, baseUrlOf(target), directory.id);
    const current = await readJournal(directory);
    if (current.end.sequence !== replayed.end.sequence) throw wentOn(directory);
    const {input, parent} = header;
    const {path} = input;
    const workbook = input.copySha256 === undefined ? undefined : input;
    const facts = {
      path,
      workbook,
      existing: 'send',
      onInvalid: 'skip',
      shape,
      parent,
      undoOf: directory.id,
    } as const;
    const rows = inputPathOf(directory, header);
    const isOwnCopy = rows === directory.spooledInput;
    const removals = {removals: ids, removalKeys: (await readRowKeys(directory, ledger.hashKey.id)).byLine};
    const begun = sending && (await findBegunUndo({directory, header, shape}, ledger));
    if (begun) return {...(await resumeRun(begun, job, baseUrlOf(target), ledger)), ...removals};
    return {
      header: newHeader({job, prepared}, header.jobFile ?? job.name, target, facts),
      adopt: isOwnCopy ? ({spooledInput}) => copyPrivately(rows, spooledInput) : undefined,
      ...removals,
    };
  };
  return {job, prepared, openTarget: () => openTarget(settings), begin};
}

/**
 * An undo of the same run that did not come to its end: it goes on, and no second one begins beside it.
 *
 * @throws UsageError when the run has created more since, so that the undo that was left covers only a part of it
 */
async function findBegunUndo(
  {directory, header, shape}: {directory: RunDirectory; header: HeaderEntry; shape: HeaderEntry['shape']},
  ledger: ApplicationLedger,
): Promise<KnownRun | undefined> {
  const {unfinished} = await ledger.openWork({job: header.job, baseUrl: header.baseUrl});
  const {path, sha256} = header.input;
  const begun = unfinished.find(({replayed: {header: other}}) => {
    const isSameFile = other.input.path === path && other.input.sha256 === sha256;
    return other.undoOf === directory.id && isSameFile;
  });
  if (!begun || canonical(begun.replayed.header.shape) === canonical(shape)) return begun;
  throw new UsageError(`run ${begun.directory.id} removes a part of run ${directory.id}, and is unfinished`, {
    code: 'unfinished_run',
    hint: `bulk42 resume ${argumentOfRun(begun.directory)}`,
  });
}

/** It may have created records since. */
function wentOn(directory: RunDirectory): InputError {
  const hint = `bulk42 undo ${argumentOfRun(directory)}`;
  return new InputError(`run ${directory.id} went on meanwhile`, {code: 'run_changed', hint});
}

function undoOfUndo(run: string, {input, jobFile, job}: HeaderEntry): UsageError {
  const file = input.path === '-' ? '<file>' : shellQuote(input.path);
  return new UsageError(`run ${run} is an undo, which is not undone`, {
    code: 'undo_not_undone',
    hint: `bulk42 run ${shellQuote(jobFile ?? job)} ${file} creates the records again`,
  });
}
