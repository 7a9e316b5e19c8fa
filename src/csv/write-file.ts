import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {open, readdir, rename, rm, type FileHandle} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {DiskError} from '../errors.ts';

const BLOCK_CHARACTERS = 64 * 1024;

/**
 * Writes a file as a whole or not at all: a reader sees the old file or the new one, also after a power failure. The
 * new one belongs to its owner alone (0600). A symbolic link at `path` is replaced, never followed.
 *
 * @throws {DiskError} when the disk refuses; what the chunks throw is passed on. In both cases `path` is as before
 */
export async function writeFileAtomically(
  path: string,
  chunks: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}-${randomBytes(8).toString('hex')}.tmp`);
  const handle = await onDisk(path, createPrivateFile(temporary));
  try {
    try {
      for await (const block of inBlocks(chunks)) await onDisk(path, handle.writeFile(block));
      await onDisk(path, handle.sync());
    } finally {
      await handle.close();
    }
    await onDisk(path, rename(temporary, path));
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
  await onDisk(path, syncFolder(folder));
}

/** Removes what a process that died while it wrote has left in a folder. Nobody else may be writing there. */
export async function sweepTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\..+-[0-9a-f]{16}\.tmp$/.test(name)) await rm(join(folder, name), {force: true});
  }
}

/** A new empty file, readable and writable by its owner alone; fails when anything has that name already. */
export function createPrivateFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
}

/** Turns the failure of one file operation into a DiskError that names the file. */
export async function onDisk<T>(path: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new DiskError(`cannot write ${path} (${reason})`, {
      cause,
      hint: 'check the folder, its rights, and the space on the disk',
    });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One system call per block rather than per row. */
async function* inBlocks(chunks: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const chunk of chunks) {
    block += chunk;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield block;
    block = '';
  }
  yield block;
}
