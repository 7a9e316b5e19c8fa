import {isSameApi} from '../api/canonical-url.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import {readJournalEnds} from './read-journal-ends.ts';
import {listRunDirectories, type RunDirectory} from './run-directory.ts';

export interface KnownRun {
  directory: RunDirectory;
  replayed: Replayed;
}

/**
 * The runs of the folder that left rows, or ended before they could say that none are left; oldest first.
 *
 * @throws FileError (exit 66) or InputError (exit 65) for a journal that cannot be read or is damaged: its rows may have
 *   been applied, and a new run beside it could apply them twice.
 */
export async function readUnfinishedRuns(out: string): Promise<KnownRun[]> {
  const runs: KnownRun[] = [];
  for (const directory of await listRunDirectories(out)) {
    if (await endsComplete(directory.journal)) continue;
    const replayed = await replay(directory.journal);
    if (replayed && isUnfinished(replayed)) runs.push({directory, replayed});
  }
  return runs;
}

/** Whether the journal's last line says that every row is settled: then the lines before it need not be read. */
async function endsComplete(journal: string): Promise<boolean> {
  const {last} = await readJournalEnds(journal);
  return last?.k === 'complete' && last.n.not_started + last.n.in_doubt === 0;
}

/** Something is left that a resume would take up: rows, or ids that were not read before the process ended. */
export function hasRowsLeft({states, state}: Replayed): boolean {
  const {counts, createdWithoutId} = states;
  return counts.not_started + counts.in_doubt > 0 || (state !== 'finished' && createdWithoutId.size > 0);
}

function isUnfinished(replayed: Replayed): boolean {
  return replayed.state !== 'finished' || hasRowsLeft(replayed);
}

/** What makes two runs the same work: job, bytes of the file, API, and the options that shape its rows. */
export interface Work {
  job: string;
  sha256: string;
  baseUrl: string;
  shape: RowShapingOptions;
}

export function isSameWork(header: HeaderEntry, work: Work): boolean {
  return (
    header.undoOf === undefined &&
    header.job === work.job &&
    header.input.sha256 === work.sha256 &&
    isSameApi(header.baseUrl, work.baseUrl) &&
    canonical(header.shape) === canonical(work.shape)
  );
}

/** Equal text for equal options, whatever order they were given in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
