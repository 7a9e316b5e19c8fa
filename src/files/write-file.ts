import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {lstat, open, readdir, rename, rm, type FileHandle} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {DiskError} from '../errors.ts';

/** A file that is being written to take another's place. */
export interface Replacement {
  write(text: string): Promise<void>;
}

/** Writes a file of one piece, as `replaceFiles` does. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replaceFiles([path], ([file]) => file.write(text));
}

/**
 * Writes files, each as a whole or not at all: a reader sees the old file or the new one, also after a power failure.
 * The new ones belong to their owner alone (0600). A symbolic link is replaced, never followed.
 *
 * @param fill writes the files, side by side where that saves a pass over what they are made of
 * @throws {DiskError} when the disk refuses; what `fill` throws is passed on. Files not yet replaced are as before
 */
export async function replaceFiles<const Paths extends readonly string[]>(
  paths: Paths,
  fill: (files: {[At in keyof Paths]: Replacement}) => Promise<void>,
): Promise<void> {
  const files: ReplacementFile[] = [];
  try {
    for (const path of paths) files.push(await ReplacementFile.create(path));
    await fill(files as unknown as {[At in keyof Paths]: Replacement});
    for (const file of files) await file.takePlace();
  } catch (error) {
    for (const file of files) await file.discard();
    throw error;
  }
}

class ReplacementFile implements Replacement {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async create(path: string): Promise<ReplacementFile> {
    await refuseDevice(path);
    const temporary = join(dirname(path), `.${basename(path)}-${randomBytes(8).toString('hex')}.tmp`);
    return new ReplacementFile(path, temporary, await onDisk(path, createPrivateFile(temporary)));
  }

  async write(text: string): Promise<void> {
    if (text !== '') await onDisk(this.#path, this.#handle.writeFile(text));
  }

  async takePlace(): Promise<void> {
    await onDisk(this.#path, this.#handle.sync());
    await this.#handle.close();
    await onDisk(this.#path, rename(this.#temporary, this.#path));
    await onDisk(this.#path, syncFolder(dirname(this.#path)));
  }

  /** Of one that has taken its place nothing is left to discard. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#temporary, {force: true});
  }
}

/** Replacing `/dev/null` would break it for all programs. */
async function refuseDevice(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats || stats.isFile() || stats.isSymbolicLink() || stats.isDirectory()) return;
  throw new DiskError(`cannot write ${path}: it is a pipe or a device`, {hint: 'name a file'});
}

/** Removes the temporary files of a process that died while it wrote. No other process may be writing in the folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\..+-[0-9a-f]{16}\.tmp$/.test(name)) await rm(join(folder, name), {force: true});
  }
}

/** A new empty file, readable and writable by its owner alone; fails when anything has that name already. */
export function createPrivateFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
}

/** A new file that only its owner can read. */
export async function writePrivateFile(path: string, content: string | Buffer): Promise<void> {
  const file = await createPrivateFile(path);
  try {
    await onDisk(path, file.writeFile(content));
  } finally {
    await file.close();
  }
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

/** Makes what was added to a folder, or removed from it, durable. Windows opens no folder, and needs none of this. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
