import {UsageError} from '../../errors.ts';
import type {HeaderEntry} from '../../journal/entry.ts';
import {replay, type Replayed} from '../../journal/replay.ts';
import {countOf, rejectedOutcomes} from '../../outcome.ts';
import {canonical, isUnfinished} from '../../runs/find-unfinished.ts';
import {readJournalEnds} from '../../runs/read-journal-ends.ts';
import {firstFileOf} from '../../runs/reopen-run.ts';
import {argumentOfRun, type RunDirectory} from '../../runs/run-directory.ts';

/**
 * Rows that a retry has applied, or may still apply, are left in the journal of the run that it retries as they were. A
 * second retry of that run would send them again.
 *
 * @throws UsageError that names the first retry
 */
export async function refuseRetried(
  parent: {directory: RunDirectory; header: HeaderEntry},
  runs: readonly {directory: RunDirectory}[],
  out: string,
): Promise<void> {
  for (const {directory} of runs) {
    const {header} = await readJournalEnds(directory.journal);
    if (!header || !isRetryOf(header, parent)) continue;
    const replayed = await replay(directory.journal);
    if (replayed && hasApplied(replayed)) throw alreadyRetried(parent.directory, directory, replayed, out);
  }
}

/** Two runs of one second, in two folders, may have the same id. */
function isRetryOf(
  {parent}: HeaderEntry,
  {directory, header}: {directory: RunDirectory; header: HeaderEntry},
): boolean {
  return (
    parent?.run === directory.id && canonical(parent.firstFile) === canonical(firstFileOf(directory, header))
  );
}

function hasApplied(replayed: Replayed): boolean {
  return isUnfinished(replayed) || countOf(replayed.states.counts, ['created', 'updated', 'removed']) > 0;
}

function alreadyRetried(
  {id}: RunDirectory,
  retry: RunDirectory,
  replayed: Replayed,
  out: string,
): UsageError {
  const run = argumentOfRun(retry, out);
  const isRejected = countOf(replayed.states.counts, rejectedOutcomes) > 0;
  const rest = isRejected ? `bulk42 retry ${run}` : `nothing of it is left: bulk42 report ${run}`;
  return new UsageError(`run ${id} was retried by run ${retry.id}, which has applied rows of it`, {
    code: 'retried',
    hint: isUnfinished(replayed) ? `bulk42 resume ${run}` : rest,
  });
}
