import {realpath} from 'node:fs/promises';
import {FileError, InputError} from '../errors.ts';
import type {FoundRun} from './open-work.ts';
import {readJournalEnds} from './read-journal-ends.ts';
import {readRowKeys} from './read-row-keys.ts';
import type {RegisteredRun} from './registry.ts';
import type {RunDirectory} from './run-directory.ts';

/** Keyed hashes of keys; or why they cannot be known. */
export type WrittenSince = {keys: ReadonlySet<string>} | {unknown: string};

/**
 * What other runs of a job wrote, or may have written, since a run began: its rows are no longer proven to be as it left
 * them. A run that is gone, or whose hashes are under another key, may have written every row.
 */
export async function writtenSince(
  earlier: RunDirectory,
  runs: readonly FoundRun[],
  {job, keyId}: {job: string; keyId: string},
): Promise<WrittenSince> {
  const folder = await realpath(earlier.path);
  const own = runs.find((run) => run.folder === folder);
  if (!own?.registered)
    return {unknown: `this machine does not know of run ${earlier.id} what was sent since`};
  const keys = new Set<string>();
  const {header} = await readJournalEnds(earlier.journal);
  for (const run of runs) {
    if (run === own || !(await mayBeLater(run, own.registered, {job, since: header?.t ?? 0}))) continue;
    const read = await readRowKeys(run.directory, keyId).catch((error: unknown) => {
      if (error instanceof InputError || error instanceof FileError) return undefined;
      throw error;
    });
    if (!read?.isComplete)
      return {unknown: `it cannot be known which rows run ${run.directory.id} wrote since`};
    for (const key of read.byLine.values()) keys.add(key);
  }
  return {keys};
}

async function mayBeLater(
  run: FoundRun,
  earlier: RegisteredRun,
  {job, since}: {job: string; since: number},
): Promise<boolean> {
  if (run.registered) return run.registered.job === job && run.registered.last > earlier.first;
  // Of another machine, or of an earlier version: then its clock is all that tells.
  const ends = await readJournalEnds(run.directory.journal).catch(() => undefined);
  return !ends || (ends.header?.job === job && (ends.last?.t ?? Infinity) >= since);
}
