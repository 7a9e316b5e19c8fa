import {InputError} from '../errors.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import {replay, type Replayed} from '../journal/replay.ts';
import {listRunDirectories, type RunDirectory} from './run-directory.ts';

export interface KnownRun {
  directory: RunDirectory;
  replayed: Replayed;
}

/**
 * Every run of the folder, oldest first. What a damaged journal says of its rows nobody knows, and a new run beside it
 * could apply them twice: unless the caller can live with it, that is an error.
 */
export async function readRuns(
  out: string,
  onDamaged = (_directory: RunDirectory, error: InputError): void => {
    throw error;
  },
): Promise<KnownRun[]> {
  const runs: KnownRun[] = [];
  for (const directory of await listRunDirectories(out)) {
    const replayed = await replay(directory.journal).catch((error: unknown) => {
      if (error instanceof InputError) onDamaged(directory, error);
    });
    if (replayed) runs.push({directory, replayed});
  }
  return runs;
}

/** Rows are left that a resume would take up. */
export function hasRowsLeft({states}: Replayed): boolean {
  return states.counts.not_started + states.counts.in_doubt > 0;
}

/** Rows are left, or the process ended before it could say that none are. */
export function isUnfinished(replayed: Replayed): boolean {
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
    header.baseUrl === work.baseUrl &&
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
