import {rm} from 'node:fs/promises';
import {onDisk, syncFolder} from '../files/write-file.ts';
import type {RunDirectory} from './run-directory.ts';

/**
 * Removes what is derived from a journal that is about to grow: until the run ends again it would lie about rows that are
 * applied meanwhile. `bulk42 report` writes it from the journal at any time.
 */
export async function removeDerivedFiles(directory: RunDirectory): Promise<void> {
  const {path, report, retry, summary, page, fingerprints} = directory;
  for (const file of [report, retry, summary, page, fingerprints])
    await onDisk(file, rm(file, {force: true}));
  await onDisk(path, syncFolder(path));
}
