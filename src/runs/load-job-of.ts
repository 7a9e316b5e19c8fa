import {InputError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {jobFor} from '../job/job-for.ts';
import {loadBuiltIn, loadFile} from '../job/load-jobs.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {isKnownJobFile} from './known-job-files.ts';
import type {RunDirectory} from './run-directory.ts';

/**
 * The job of a run, as the run reads its rows. A job file is code: one that a journal names is run only where a person has named it on this machine,
 * for a run, and only as long as it is the same.
 *
 * @throws InputError (exit 65) for a file that this machine does not know of the run, or that is another by now
 */
export async function loadJobOf(
  {id}: RunDirectory,
  {job, jobFile, jobHash, existing}: Pick<HeaderEntry, 'job' | 'jobFile' | 'jobHash' | 'existing'>,
  stateFolder: string,
): Promise<Job> {
  if (jobFile === undefined) return jobFor(await loadBuiltIn(job), existing);
  if (await isKnownJobFile(stateFolder, {jobFile, jobHash}))
    return jobFor(await loadFile(jobFile, {sha256: jobHash, run: id}), existing);
  throw new InputError(`run ${id} names the job file ${jobFile}, which no one has run on this machine`, {
    code: 'job_file_unknown',
    hint: 'a job file is code, so it is not run for a folder that came from elsewhere; go on where the run was begun',
  });
}
