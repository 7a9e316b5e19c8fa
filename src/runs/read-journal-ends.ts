import {open} from 'node:fs/promises';
import {decodeEntry, lineFeed} from '../journal/encode-entry.ts';
import type {HeaderEntry, StampedEntry} from '../journal/entry.ts';

/** The first and the last line of a journal, however many rows lie between them. */
export interface JournalEnds {
  /** Undefined where not even the first line is whole: then nothing was ever sent. */
  header: (HeaderEntry & {t: number}) | undefined;
  /** The last line; undefined where it is torn, or longer than those that close a journal. */
  last: StampedEntry | undefined;
}

const maxHeaderBytes = 1 << 16;
const maxLastLineBytes = 4096;

/** @throws InputError (exit 65) where another version wrote the journal. */
export async function readJournalEnds(journal: string): Promise<JournalEnds> {
  const file = await open(journal).catch(() => undefined);
  const nothing = {header: undefined, last: undefined};
  if (!file) return nothing;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return nothing;
    const {size} = stats;
    const read = async (length: number, from: number) => {
      const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead);
    };
    const head = await read(Math.min(size, maxHeaderBytes), 0);
    const first = head.includes(lineFeed) ? decodeEntry(head.subarray(0, head.indexOf(lineFeed))) : undefined;
    const tail = await read(Math.min(size, maxLastLineBytes), Math.max(0, size - maxLastLineBytes));
    const isWhole = tail.at(-1) === lineFeed;
    return {
      header: first?.k === 'header' ? first : undefined,
      last: isWhole ? decodeEntry(tail.subarray(tail.lastIndexOf(lineFeed, -2) + 1, -1)) : undefined,
    };
  } finally {
    await file.close();
  }
}
