import {systemClock as clock} from '../clock.ts';
import {type CheckedInput, prepareInput} from '../input/prepare-input.ts';
import {loadJob} from '../job/load-jobs.ts';
import {DisposerStack} from './disposer-stack.ts';
import {openSource} from './open/open-source.ts';
import type {NewRunSpec} from './run-spec.ts';

/** Reads and checks all rows of a file. Its rows cannot be read again afterwards. */
export async function validateFile({
  job,
  file,
  stdin,
  shape,
}: Pick<NewRunSpec, 'job' | 'file' | 'stdin' | 'shape'>): Promise<CheckedInput> {
  await using stack = new DisposerStack();
  const loaded = await loadJob(job);
  const source = await openSource(file, stdin, shape);
  stack.defer(() => source.close());
  const now = new Date(clock.wall());
  const checked = await prepareInput(source.path, loaded, source.shape, {now, ...source});
  stack.defer(() => checked.input.close());
  return checked;
}
