import {resolve} from 'node:path';
import {InputError, UsageError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import {jobFor} from '../job/job-for.ts';
import {loadBuiltIn, loadFile} from '../job/load-jobs.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import {findJobFile, rememberJobFile} from './known-job-files.ts';
import type {RunDirectory} from './run-directory.ts';

/**
 * The job of a run, as the run reads its rows. A job file is code: one that a journal names is run only where a
 * person has named it on this machine, and only as long as it is the same.
 *
 * @throws InputError (exit 65) for a file that this machine does not know of the run, or that is another by now
 */
export async function loadJobOf(
  {id}: RunDirectory,
  {job, jobFile, jobHash, existing}: Pick<HeaderEntry, 'job' | 'jobFile' | 'jobHash' | 'existing'>,
  stateFolder: string,
): Promise<Job> {
  if (jobFile === undefined) return jobFor(await loadBuiltIn(job), existing);
  const local = await findJobFile(stateFolder, {jobFile, jobHash});
  if (local !== undefined) return jobFor(await loadFile(local, {sha256: jobHash, run: id}), existing);
  throw new InputError(`run ${id} names the job file ${jobFile}, which no one has run on this machine`, {
    code: 'job_file_unknown',
    hint: `a job file is code, so it is not run because a folder names it; if you trust it: bulk42 resume ${id} --job <file>`,
  });
}

/**
 * Takes a job file that a person names for a run which another machine began, for this and all later commands.
 *
 * @throws UsageError or InputError (exit 65) where it is not the file that the run began with
 */
export async function nameJobFile(
  {id}: RunDirectory,
  {job, jobFile, jobHash}: HeaderEntry,
  {stateFolder, named}: {stateFolder: string; named: string},
): Promise<void> {
  const loaded = jobFile === undefined ? undefined : await loadFile(named, {sha256: jobHash, run: id});
  if (jobFile === undefined || loaded?.name !== job) {
    throw new UsageError(`run ${id} is of the job ${job}, and ${named} is none of that name`, {
      code: 'other_job',
      hint: jobFile === undefined ? 'leave --job away: that job is built in' : `name the file ${job}.ts`,
    });
  }
  await rememberJobFile(stateFolder, {jobFile, jobHash}, resolve(named));
}
