import {constants} from 'node:fs';
import {open, type FileHandle} from 'node:fs/promises';
import {FileError, InputError} from '../errors.ts';

const CHUNK_BYTES = 64 * 1024;

/** A file opened once; every reading starts at its first byte and sees the very file that was opened. */
export interface RegularFile {
  readonly bytes: number;
  /**
   * A chunk holds until the next but one is given: new buffers for all of a long file would be in memory long after
   * their use.
   *
   * @throws {InputError} `file_changed` as soon as size or time of change differ from those at opening.
   */
  chunks(): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** @throws {FileError} when the path is missing, unreadable or no regular file (a folder, pipe, socket or device). */
export async function openRegularFile(path: string): Promise<RegularFile> {
  // Without O_NONBLOCK, opening a named pipe waits for its writer for ever.
  const handle = await readable(path, open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const opened = await readable(path, handle.stat({bigint: true}));
    if (!opened.isFile()) {
      const kind = opened.isDirectory() ? 'a folder' : 'a pipe or a device';
      throw new FileError(`${path} is ${kind}, not a file`, {
        hint: 'name a CSV file, or - for standard input',
      });
    }
    return {
      bytes: Number(opened.size),
      chunks: () => readChunks(handle, path, opened),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function changedError(path: string): InputError {
  return new InputError(`${path}: the file changed while it was being read`, {
    code: 'file_changed',
    hint: 'close it in other programs; a run that has begun needs it as it was',
  });
}

async function* readChunks(
  handle: FileHandle,
  path: string,
  opened: {size: bigint; mtimeNs: bigint},
): AsyncGenerator<Buffer> {
  const buffers = Array.from({length: 3}, () => Buffer.allocUnsafe(CHUNK_BYTES));
  let turn = 0;
  const readAt = async (position: number): Promise<Buffer> => {
    const buffer = buffers[turn++ % buffers.length] as Buffer;
    const [{bytesRead}, now] = await readable(
      path,
      Promise.all([handle.read(buffer, 0, CHUNK_BYTES, position), handle.stat({bigint: true})]),
    );
    if (now.size !== opened.size || now.mtimeNs !== opened.mtimeNs) throw changedError(path);
    return buffer.subarray(0, bytesRead);
  };
  /** Read while the chunk before is looked at, which can take hours: a failure waits until somebody asks for it. */
  const readAhead = (position: number): Promise<Buffer> => {
    const reading = readAt(position);
    reading.catch(() => undefined);
    return reading;
  };
  let position = 0;
  let next = readAhead(position);
  try {
    for (let chunk = await next; chunk.length > 0; chunk = await next) {
      position += chunk.length;
      next = readAhead(position);
      yield chunk;
    }
  } finally {
    // Nobody may want it any more; it still has to be over before the file is closed.
    await next.catch(() => undefined);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENXIO: 'it is a socket or a device, not a file',
};

async function readable<T>(path: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new FileError(`cannot read ${path}: ${REASONS[code] ?? (code || String(cause))}`, {
      cause,
      hint: 'check the path, and whether you may read it',
    });
  }
}
