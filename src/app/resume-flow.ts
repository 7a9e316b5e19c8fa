import {InputError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {HeaderEntry} from '../journal/entry.ts';
import type {KnownRun} from '../runs/find-unfinished.ts';
import type {CheckedInput} from '../input/prepare-input.ts';
import type {Flow} from './flow.ts';

/**
 * The rest of a run. Its file was checked by whoever opened it.
 *
 * @throws InputError (exit 65) when the job or the API is not the one that the run began with.
 */
export function resumeFlow(
  {directory, replayed}: KnownRun,
  job: Job,
  prepared: CheckedInput,
  baseUrl: string,
): Flow {
  const {header} = replayed;
  if (header.jobHash !== job.hash) {
    throw new InputError(`the job ${job.name} changed since run ${directory.id} began`, {
      code: 'job_changed',
      hint: 'go on with the version of the job that began it',
    });
  }
  refuseOtherTarget(header, baseUrl, directory.id);
  const {input, existing, onInvalid, shape, undoOf} = header;
  const facts = {input, existing, onInvalid, options: shape, undoOf};
  return {job, prepared, facts, start: {directory, replayed}};
}

/** @throws InputError (exit 65) when the environment names another API than the run went to: its ids mean others there. */
export function refuseOtherTarget(header: HeaderEntry, baseUrl: string, run: string): void {
  if (header.baseUrl === baseUrl) return;
  throw new InputError(`run ${run} went to ${header.baseUrl}, and FORTYTWO_BASE_URL is ${baseUrl}`, {
    code: 'target_changed',
    hint: `set FORTYTWO_BASE_URL=${header.baseUrl}`,
  });
}

/** @throws InputError (exit 65) when the file is not, byte for byte, the one that the run began with. */
export function refuseOtherInput({checked, input}: CheckedInput, header: HeaderEntry, run: string): void {
  if (checked.sha256 === header.input.sha256) return;
  throw new InputError(`${input.csv.title} changed since run ${run} began`, {
    code: 'input_changed',
    hint: 'put the file back as it was; rows that are to be different belong in a new run',
  });
}
