import {systemClock as clock} from '../clock.ts';
import {readConfig} from '../config.ts';
import {UsageError} from '../errors.ts';
import {replay} from '../journal/replay.ts';
import {pluralize} from '../pluralize.ts';
import {lockRun} from '../runs/lock-run.ts';
import {deleteRun, findRun, runArgument} from '../runs/run-directory.ts';
import {DisposerStack} from './disposer-stack.ts';

/**
 * Deletes a run with everything in it. Returns its id.
 *
 * @throws UsageError while rows are in doubt, unless `evenInDoubt`
 */
export async function removeRun(
  run: string,
  {out, evenInDoubt}: {out: string; evenInDoubt: boolean},
): Promise<string> {
  await using stack = new DisposerStack();
  const directory = await findRun(run, out);
  const {id} = directory;
  const lock = await lockRun(directory, readConfig().stateFolder, clock);
  stack.defer(() => lock.release());
  const inDoubt = (await replay(directory.journal).catch(() => undefined))?.states.counts.in_doubt ?? 0;
  if (inDoubt > 0 && !evenInDoubt) {
    const rows = pluralize(inDoubt, 'row');
    throw new UsageError(`run ${id} has ${rows} in doubt, and its journal is all that is known of them`, {
      code: 'in_doubt',
      hint: `bulk42 resume ${runArgument(id, out)} settles them; --yes removes the run all the same`,
    });
  }
  await deleteRun(directory);
  return id;
}
