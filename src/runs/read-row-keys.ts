import {replay} from '../journal/replay.ts';
import type {RunDirectory} from './run-directory.ts';

export interface RowKeys {
  /** Keyed hashes of the keys that the run wrote, or may have written, by line. */
  byLine: Map<number, string>;
  /** False where some are unknown: the journal is gone, or their hashes are under another key. */
  isComplete: boolean;
}

/** @throws FileError (exit 66) or InputError (exit 65) for a journal that cannot be read or is damaged */
export async function readRowKeys({journal}: RunDirectory, keyId: string): Promise<RowKeys> {
  const byLine = new Map<number, string>();
  let isComparable = false;
  let isComplete = true;
  const replayed = await replay(journal, (entry) => {
    if (entry.k === 'open') isComparable = entry.keyId === keyId;
    if (entry.k !== 'intent') return;
    if (isComparable && entry.key !== undefined) byLine.set(entry.r, entry.key);
    else isComplete = false;
  });
  return {byLine, isComplete: isComplete && replayed !== undefined};
}
