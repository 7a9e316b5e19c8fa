import {systemClock as clock} from '../../clock.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {jobFor} from '../../job/job-for.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import {isSameWork} from '../../runs/find-unfinished.ts';
import {rememberJobFile} from '../../runs/known-job-files.ts';
import type {DisposerStack} from '../disposer-stack.ts';
import {requireAnswer} from '../require-answer.ts';
import type {RunIo} from '../run-io.ts';
import type {NewRunSpec, RunSpec} from '../run-spec.ts';
import {openTarget, type Target} from '../target.ts';
import {findEarlier} from './changed-since.ts';
import {newHeader} from './new-header.ts';
import {openSource} from './open-source.ts';
import type {OpenedRun, RunStart} from './opened-run.ts';
import {refuseBesideDoubt} from './refuse-beside-doubt.ts';
import {refuseInvalid} from './refuse-invalid.ts';
import {resumeRun} from './resume-run.ts';

/** A file and a job. The same work, unfinished, is resumed and never started beside. */
export async function openNewRun(
  spec: RunSpec & NewRunSpec,
  io: RunIo,
  stack: DisposerStack,
): Promise<OpenedRun> {
  const {settings, existing, onInvalid, savedPlan} = spec;
  const job = jobFor(await loadJob(spec.job), existing);
  // Before standard input is read to its end.
  if (spec.file === '-' && spec.sending) requireAnswer(io);
  const source = await openSource(spec.file, spec.stdin, spec.shape);
  stack.defer(() => source.close());
  const earlier = await findEarlier(spec.changedSince, job, settings, io);
  const now = new Date(clock.wall());
  const prepared = await prepareInput(source.path, job, source.shape, {now, ...source});
  stack.defer(() => prepared.input.close());
  refuseInvalid(prepared, spec, io);
  const shape = prepared.input.options;
  const begin = async (target: Target, ledger: ApplicationLedger): Promise<RunStart> => {
    const facts = {path: source.name, workbook: source.workbook, existing, onInvalid, shape};
    const header = newHeader({job, prepared}, spec.job, target, facts);
    const {baseUrl} = header;
    const {unfinished, recent} = await ledger.openWork({job: job.name, baseUrl});
    if (!spec.sending) return {header, recent};
    const {jobFile, jobHash} = header;
    if (jobFile !== undefined) await rememberJobFile(target.config.stateFolder, {jobFile, jobHash});
    const work = {job: job.name, sha256: header.input.sha256, baseUrl, shape, existing};
    const same = unfinished.findLast(({replayed}) => isSameWork(replayed.header, work));
    if (same) return resumeRun(same, job, baseUrl, ledger);
    refuseBesideDoubt(unfinished, work, settings.out);
    return {header, recent, adopt: source.adopt};
  };
  return {job, prepared, earlier, savedPlan, openTarget: () => openTarget(settings), begin};
}
