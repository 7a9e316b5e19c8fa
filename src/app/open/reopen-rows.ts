import {systemClock as clock} from '../../clock.ts';
import {InputError} from '../../errors.ts';
import {type CheckedInput, prepareInput} from '../../input/prepare-input.ts';
import type {Job} from '../../job/job.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {filesBesideOf, firstFileOf, inputPathOf, joinedColumns, rowsSha256Of} from '../../runs/reopen-run.ts';
import type {RunDirectory} from '../../runs/run-directory.ts';
import type {DisposerStack} from '../disposer-stack.ts';

/**
 * The rows of an earlier run once more.
 *
 * @throws InputError (exit 65) when the file is not, byte for byte, the one that the run began with.
 */
export async function reopenRows(
  {directory, header, job}: {directory: RunDirectory; header: HeaderEntry; job: Job},
  which: {shape: HeaderEntry['shape']; isPending?: (line: number) => boolean},
  stack: DisposerStack,
): Promise<CheckedInput> {
  const now = new Date(clock.wall());
  const {shape, isPending} = which;
  const prepared = await prepareInput(inputPathOf(directory, header), job, shape, {
    now,
    joined: await joinedColumns(header, job, now),
    filesBeside: filesBesideOf(firstFileOf(directory, header)),
    ...(isPending && {isPending}),
  });
  stack.defer(() => prepared.input.close());
  if (prepared.checked.sha256 === rowsSha256Of(header)) return prepared;
  throw new InputError(`${prepared.input.csv.title} changed since run ${directory.id} began`, {
    code: 'input_changed',
    hint: 'put the file back as it was; rows that are to be different belong in a new run',
  });
}
