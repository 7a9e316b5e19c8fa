import {constants, copyFile, type FileHandle, open, rename, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {Clock} from '../clock.ts';
import {DiskError, LockedError} from '../errors.ts';
import {encodeEntry} from './encode-entry.ts';
import type {Entry, StampedEntry} from './entry.ts';

/**
 * The append-only log of a run. `append` resolves when the entry is on the disk; only then may the caller do what
 * the entry announces. Entries that wait together are written and flushed at once (group commit). The next write
 * starts after that flush returned, so that a crash can damage the last batch alone.
 *
 * The first error is final: nothing more is written to the file, and every later append fails.
 */
export class Journal {
  readonly #file: FileHandle;
  readonly #clock: Clock;
  readonly #onDurable: OnDurable;
  #sequence: number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #failure: DiskError | undefined;

  /** Where the file has to be found still; undefined where another machine may replace it. */
  readonly #path: string | undefined;
  #identity: {ino: number; dev: number} | undefined;

  private constructor(
    file: FileHandle,
    path: string | undefined,
    clock: Clock,
    sequence: number,
    onDurable: OnDurable,
  ) {
    this.#file = file;
    this.#path = path;
    this.#clock = clock;
    this.#onDurable = onDurable;
    this.#sequence = sequence;
  }

  /** A new journal, whose folder entry is made durable too. `isFenced`: as of `reopen`. */
  static async create(path: string, clock: Clock, onDurable: OnDurable, isFenced = false): Promise<Journal> {
    const {O_CREAT, O_EXCL, O_APPEND, O_WRONLY, O_NOFOLLOW} = constants;
    try {
      const file = await open(path, O_CREAT | O_EXCL | O_APPEND | O_WRONLY | O_NOFOLLOW, 0o600);
      for (const folder of [dirname(path), dirname(dirname(path))]) await flushFolder(folder);
      return new Journal(file, isFenced ? undefined : path, clock, 0, onDurable);
    } catch (cause) {
      throw diskError(cause);
    }
  }

  /**
   * Goes on with a journal whose good end is known; a torn last batch is cut off first.
   *
   * @param isFenced the journal becomes a new file with the old name, so that a process that still has the old file
   *   open, on another machine, can no longer add to it
   */
  static async reopen(
    path: string,
    clock: Clock,
    end: JournalEnd,
    onDurable: OnDurable,
    isFenced = false,
  ): Promise<Journal> {
    try {
      const file = await open(path, constants.O_APPEND | constants.O_RDWR | constants.O_NOFOLLOW);
      const {size} = await file.stat();
      if (size !== end.bytes + end.torn) {
        await file.close();
        throw new LockedError('another process has added to this journal meanwhile', {
          hint: 'try again: what it did has to be read first',
        });
      }
      // A restored copy may have other rights.
      await file.chmod(0o600);
      if (end.torn > 0) {
        await file.truncate(end.bytes);
        await file.sync();
      }
      const current = isFenced ? await replaceByCopy(path, file) : file;
      return new Journal(current, isFenced ? undefined : path, clock, end.sequence, onDurable);
    } catch (cause) {
      if (cause instanceof LockedError) throw cause;
      throw diskError(cause);
    }
  }

  /** Writes one entry; resolves when it is durable. */
  append(entry: Entry): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({entry, resolve, reject});
      this.#flushing ??= this.#flush();
    });
  }

  /** Writes an entry with the next batch, without waiting. A failure shows at the next call. */
  note(entry: Entry): void {
    this.append(entry).catch(() => undefined);
  }

  /** Resolves when everything written so far is durable. */
  async flushed(): Promise<void> {
    await this.#flushing;
    if (this.#failure) throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  /** @throws when the run's folder was deleted, renamed or replaced: what is written then would be found by no resume. */
  async #expectInPlace(): Promise<void> {
    if (this.#path === undefined) return;
    const {ino, dev} = (this.#identity ??= await this.#file.stat());
    const found = await stat(this.#path);
    if (found.ino !== ino || found.dev !== dev)
      throw Object.assign(new Error('replaced'), {code: 'REPLACED'});
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#failure) {
      // Entries of the same turn of the event loop, such as the intent of the next row, share the flush.
      await new Promise(setImmediate);
      const batch = this.#waiting;
      this.#waiting = [];
      const b = this.#sequence;
      const t = this.#clock.wall();
      const stamped: StampedEntry[] = batch.map(({entry}) => ({s: this.#sequence++, b, t, ...entry}));
      try {
        await this.#expectInPlace();
        await writeWhole(this.#file, Buffer.from(stamped.map(encodeEntry).join('')));
        await this.#file.datasync();
      } catch (cause) {
        this.#failure = diskError(cause);
        for (const {reject} of batch) reject(this.#failure);
        break;
      }
      for (const entry of stamped) this.#onDurable(entry);
      for (const {resolve} of batch) resolve();
    }
    this.#flushing = undefined;
    if (this.#failure) for (const {reject} of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** Called with each entry as soon as it is durable. */
export type OnDurable = (entry: StampedEntry) => void;

/** Where a journal ends. */
export interface JournalEnd {
  /** The next entry's number. */
  sequence: number;
  /** Length of its good part. */
  bytes: number;
  /** Bytes of a torn last batch behind it; 0 after a clean end. */
  torn: number;
}

interface Waiting {
  entry: Entry;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** A copy of the journal under its name. */
async function replaceByCopy(path: string, before: FileHandle): Promise<FileHandle> {
  await before.close();
  const copy = `${path}.${process.pid}.tmp`;
  await copyFile(path, copy);
  const file = await open(copy, constants.O_APPEND | constants.O_RDWR | constants.O_NOFOLLOW);
  await file.chmod(0o600);
  await file.sync();
  await rename(copy, path);
  await flushFolder(dirname(path));
  return file;
}

/** A write may take fewer bytes than it was given. */
async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const {bytesWritten} = await file.write(bytes, at);
    at += bytesWritten;
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function diskError(cause: unknown): DiskError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new DiskError(`the journal cannot be written (${code}); nothing is sent without it`, {
    code: `disk_${code.toLowerCase()}`,
    hint: 'free some space or repair the disk, then resume the run: rows in flight are in doubt and will be settled',
    cause,
  });
}
