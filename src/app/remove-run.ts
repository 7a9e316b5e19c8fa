import {systemClock as clock} from '../clock.ts';
import {stateFolder} from '../config.ts';
import {UsageError} from '../errors.ts';
import {replay} from '../journal/replay.ts';
import {pluralize} from '../pluralize.ts';
import {listRuns} from '../runs/list-runs.ts';
import {lockRun} from '../runs/lock-run.ts';
import {deleteRun, findRun, runArgument} from '../runs/run-directory.ts';
import {DisposerStack} from './disposer-stack.ts';

interface Removal {
  out: string;
  /** Asks what is to be done, and throws where the answer is no. */
  confirm: (what: string) => Promise<void>;
  /** Gets a line for each run that was looked at. */
  show: (text: string) => void;
}

/**
 * Deletes a run with everything in it.
 *
 * @throws UsageError while rows are in doubt, unless `evenInDoubt`
 */
export async function removeRun(
  run: string,
  {out, confirm, show, evenInDoubt}: Removal & {evenInDoubt: boolean},
): Promise<void> {
  await using stack = new DisposerStack();
  const directory = await findRun(run, out);
  const {id} = directory;
  const lock = await lockRun(directory, stateFolder(), clock);
  stack.defer(() => lock.release());
  const replayed = await replay(directory.journal).catch(() => undefined);
  const inDoubt = replayed?.states.counts.in_doubt ?? 0;
  if (inDoubt > 0 && !evenInDoubt) {
    const rows = pluralize(inDoubt, 'row');
    throw new UsageError(`run ${id} has ${rows} in doubt, and its journal is all that is known of them`, {
      code: 'in_doubt',
      hint: `bulk42 resume ${runArgument(id, out)} settles them; --yes removes the run all the same`,
    });
  }
  const rows = replayed ? ` of ${pluralize(replayed.header.input.rows, 'row')}` : '';
  await confirm(`Delete run ${id}${rows}`);
  await deleteRun(directory);
  show(`removed ${id}`);
}

/** Deletes the runs that began so many days ago and are finished. One with rows in doubt is kept, whatever is confirmed. */
export async function removeOldRuns(days: number, {out, confirm, show}: Removal): Promise<void> {
  const before = new Date(clock.wall() - days * 24 * 3_600_000).toISOString();
  const runs = await listRuns(out, stateFolder(), ({id}, error) => show(`${id}: ${error.message}`));
  const old = runs.filter(({startedAt}) => startedAt < before);
  const done = old.filter(({state, counts}) => state === 'finished' && counts.in_doubt === 0);
  for (const {run, state, counts} of old) {
    if (!done.some((other) => other.run === run))
      show(`kept ${run}: ${counts.in_doubt > 0 ? `${pluralize(counts.in_doubt, 'row')} in doubt` : state}`);
  }
  if (done.length === 0) return show(`no finished run in ${out} began before ${before.slice(0, 10)}`);
  await confirm(`Delete ${pluralize(done.length, 'run')} from before ${before.slice(0, 10)}`);
  const wasConfirmed = () => Promise.resolve();
  for (const {run} of done) await removeRun(run, {out, confirm: wasConfirmed, show, evenInDoubt: false});
}
