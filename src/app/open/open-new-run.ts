import {isSameApi} from '../../api/canonical-url.ts';
import {systemClock as clock} from '../../clock.ts';
import {InDoubtError} from '../../errors.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {pluralize} from '../../pluralize.ts';
import {isSameWork, type KnownRun, readUnfinishedRuns} from '../../runs/find-unfinished.ts';
import {runArgument} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import {requireAnswer} from '../require-answer.ts';
import type {RunIo} from '../run-io.ts';
import type {NewRunSpec, RunSpec} from '../run-spec.ts';
import {openTarget, type Target} from '../target.ts';
import {unchangedSince} from './changed-since.ts';
import {newHeader} from './new-header.ts';
import {openSource} from './open-source.ts';
import type {OpenedRun, RunStart} from './opened-run.ts';
import {refuseInvalid} from './refuse-invalid.ts';
import {startResumed} from './start-resumed.ts';

/** A file and a job. The same work, unfinished, is resumed and never started beside. */
export async function openNewRun(
  spec: RunSpec & NewRunSpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun> {
  const {settings, shape, existing, onInvalid, savedPlan} = spec;
  const job = await loadJob(spec.job);
  // Before standard input is read to its end.
  if (spec.file === '-' && spec.sending) requireAnswer(io);
  const source = await openSource(spec.file, spec.stdin);
  stack.defer(() => source.close());
  const isSame = await unchangedSince(spec.changedSince, job, settings.out, io);
  const now = new Date(clock.wall());
  const prepared = await prepareInput(source.path, job, shape, {now, title: source.title, isSame});
  stack.defer(() => prepared.input.close());
  refuseInvalid(prepared, spec, io);
  const begin = async (target: Target): Promise<RunStart> => {
    const facts = {path: source.name, existing, onInvalid, shape};
    const header = newHeader({job, prepared}, spec.job, target, facts);
    if (!spec.sending) return {header};
    const unfinished = await readUnfinishedRuns(settings.out);
    const work = {job: job.name, sha256: header.input.sha256, baseUrl: header.baseUrl, shape};
    const same = unfinished.findLast(({replayed}) => isSameWork(replayed.header, work));
    if (same) return startResumed(same, job, header.baseUrl);
    refuseBesideDoubt(unfinished, job.name, header.baseUrl, settings.out);
    return {header, adopt: source.adopt};
  };
  return {job, prepared, isSame, savedPlan, openTarget: () => openTarget(settings), begin};
}

/** @throws InDoubtError (exit 21) while an unfinished run of the same job and API has rows in doubt. */
export function refuseBesideDoubt(
  unfinished: readonly KnownRun[],
  job: string,
  baseUrl: string,
  out: string,
): void {
  const doubtful = unfinished.find(
    ({replayed: {header, states}}) =>
      header.job === job && isSameApi(header.baseUrl, baseUrl) && states.counts.in_doubt > 0,
  );
  if (!doubtful) return;
  const {directory, replayed} = doubtful;
  const rows = pluralize(replayed.states.counts.in_doubt, 'row');
  throw new InDoubtError(`run ${directory.id} has ${rows} in doubt, which this run could apply twice`, {
    code: 'unsettled_run',
    hint: `bulk42 resume ${runArgument(directory.id, out)}`,
  });
}
