import {isSameApi} from '../../api/canonical-url.ts';
import {InputError} from '../../errors.ts';
import type {Job} from '../../job/job.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import type {ApplicationLedger} from '../../runs/application-ledger.ts';
import type {KnownRun} from '../../runs/find-unfinished.ts';
import {argumentOfRun} from '../../runs/run-directory.ts';
import {version} from '../../version.ts';
import type {RunStart} from './opened-run.ts';

/**
 * The rest of a run. That its file is the same was checked before.
 *
 * @throws InputError (exit 65) when the job or the API is not the one that the run began with.
 */
export async function resumeRun(
  resumed: KnownRun,
  job: Job,
  baseUrl: string,
  ledger: ApplicationLedger,
): Promise<RunStart> {
  const {directory, replayed} = resumed;
  if (replayed.header.jobHash !== job.hash) {
    const {tool, jobFile} = replayed.header;
    const isUpdated = jobFile === undefined && tool !== version;
    throw new InputError(`the job ${job.name} changed since run ${directory.id} began`, {
      code: 'job_changed',
      hint: isUpdated
        ? `the version that began it goes on with it: npx bulk42@${tool} resume ${argumentOfRun(directory)}`
        : 'go on with the version of the job that began it',
    });
  }
  refuseOtherTarget(replayed.header, baseUrl, directory.id);
  await ledger.refuseOlderCopy(directory, replayed);
  const except = directory.path;
  const {recent} = await ledger.openWork({job: job.name, baseUrl: replayed.header.baseUrl, except});
  return {header: replayed.header, resumed, recent};
}

/** @throws InputError (exit 65) when the environment names another API than the run went to: its ids mean others there. */
export function refuseOtherTarget(header: HeaderEntry, baseUrl: string, run: string): void {
  if (isSameApi(header.baseUrl, baseUrl)) return;
  throw new InputError(`run ${run} went to ${header.baseUrl}, and FORTYTWO_BASE_URL is ${baseUrl}`, {
    code: 'target_changed',
    hint: `set FORTYTWO_BASE_URL=${header.baseUrl}`,
  });
}
