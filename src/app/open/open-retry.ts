import {systemClock as clock} from '../../clock.ts';
import {stateFolder} from '../../config.ts';
import {InDoubtError, UsageError} from '../../errors.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {loadJobOf} from '../../runs/load-job-of.ts';
import type {Replayed} from '../../journal/replay.ts';
import {countOf} from '../../outcome.ts';
import type {Existing} from '../../plan/decide-row.ts';
import {pluralize} from '../../pluralize.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import {isUnfinished} from '../../runs/find-unfinished.ts';
import {cellOptionsOf, filesBesideOf, firstFileOf, joinFrom, readJournal} from '../../runs/reopen-run.ts';
import {argumentOfRun, findRun, runArgument, type RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import type {RunIo} from '../run-io.ts';
import type {RetrySpec, RunSpec} from '../run-spec.ts';
import {baseUrlOf, openTarget, type Target} from '../target.ts';
import {refuseOtherWorld} from '../rehearsal.ts';
import {newHeader} from './new-header.ts';
import {copyPrivately} from './open-source.ts';
import type {OpenedRun, RunStart} from './opened-run.ts';
import {refuseBesideDoubt} from './refuse-beside-doubt.ts';
import {refuseInvalid} from './refuse-invalid.ts';
import {refuseOtherRows} from './refuse-other-rows.ts';
import {refuseRetried} from './refuse-retried.ts';

/** A run's retry log as it stands now, with the options that shaped the rows of the first file. */
export async function openRetry(
  spec: RunSpec & RetrySpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun> {
  const {settings, onInvalid} = spec;
  const directory = await findRun(spec.run, settings.out, settings.sandbox ?? false);
  const replayed = await readJournal(directory);
  refuseOtherWorld(replayed.header, directory, {...settings, command: 'retry'});
  refuseRetry(replayed, directory, settings.out);
  const {header} = replayed;
  const existing = header.existing === 'remove' ? 'remove' : (spec.existing ?? lookingFirst(header.existing));
  const job = await loadJobOf(directory, {...header, existing}, stateFolder());
  const firstFile = firstFileOf(directory, header);
  const now = new Date(clock.wall());
  const prepared = await prepareInput(directory.retry, job, cellOptionsOf(header), {
    now,
    joined: await joinFrom(firstFile, header.shape, job, now),
    filesBeside: filesBesideOf(firstFile),
  });
  stack.defer(() => prepared.input.close());
  await refuseOtherRows(prepared.input, directory, replayed, io);
  refuseInvalid(prepared, spec, io);
  const begin = async (target: Target, ledger: ApplicationLedger): Promise<RunStart> => {
    const work = {job: job.name, baseUrl: baseUrlOf(target)};
    const {unfinished, recent} = await ledger.openWork(work);
    refuseBesideDoubt(unfinished, work, settings.out);
    await refuseRetried({directory, header}, await ledger.runsOf(job.name), settings.out);
    const parent = {run: directory.id, firstFile};
    const facts = {path: directory.retry, existing, onInvalid, shape: prepared.input.options, parent};
    return {
      header: newHeader({job, prepared}, header.jobFile ?? job.name, target, facts),
      recent,
      adopt: ({spooledInput}) => copyPrivately(directory.retry, spooledInput),
    };
  };
  return {job, prepared, openTarget: () => openTarget(settings), begin};
}

/** As in the run that is retried, but that it is looked again what exists. */
function lookingFirst(existing: Existing): Existing {
  return existing === 'send' ? 'skip' : existing;
}

/** @throws UsageError or InDoubtError when the run has no retry log that may be sent. */
function refuseRetry(replayed: Replayed, directory: RunDirectory, out: string): void {
  const {header, states} = replayed;
  const {counts} = states;
  const run = directory.id;
  const argument = argumentOfRun(directory, out);
  if (header.undoOf !== undefined) {
    // Its rows are those of the run that it takes back: sending them would create again what was removed.
    throw new UsageError(`run ${run} is an undo, which is not retried`, {
      code: 'undo_not_retried',
      hint: `bulk42 undo ${runArgument(header.undoOf, out)} removes what is still there`,
    });
  }
  if (counts.in_doubt > 0) {
    throw new InDoubtError(
      `run ${run} has ${pluralize(counts.in_doubt, 'row')} in doubt, which are in no retry log`,
      {
        code: 'unsettled_run',
        hint: `bulk42 resume ${argument}`,
      },
    );
  }
  if (isUnfinished(replayed)) {
    // The run itself would send the rest as well, once it is resumed.
    throw new UsageError(`run ${run} is unfinished, and goes on with its rows itself`, {
      code: 'unfinished_run',
      hint: `bulk42 resume ${argument}`,
    });
  }
  if (countOf(counts, ['failed', 'invalid']) === 0) {
    throw new UsageError(`run ${run} left no row to retry`, {code: 'nothing_to_retry', hint: undefined});
  }
}
