import {createHash} from 'node:crypto';
import {type BigIntStats, constants} from 'node:fs';
import {open, type FileHandle} from 'node:fs/promises';
import {FileError, InputError} from '../errors.ts';

/** Some hundred rows of the usual length. At four times as many they outlive a collection of young objects, which costs a validation of 100,000 rows a fifth. */
const chunkBytes = 16 * 1024;

/** A file opened once. Each reading starts at its first byte and gives the same bytes, or ends with an error. */
export class RegularFile {
  readonly #path: string;
  readonly #title: string;
  readonly #handle: FileHandle;
  readonly #size: bigint;
  /** When it was written last, and when anything of it changed last: the first can be put back. */
  #changes: string;
  /** Known after the first whole reading. */
  #sha256: string | undefined;

  private constructor(path: string, title: string, handle: FileHandle, stats: BigIntStats) {
    this.#path = path;
    this.#title = title;
    this.#handle = handle;
    this.#size = stats.size;
    this.#changes = changesOf(stats);
  }

  /**
   * @param title what messages call the file
   * @throws {FileError} when the path is missing, unreadable or no regular file (a folder, pipe, socket or device).
   */
  static async open(path: string, title = path): Promise<RegularFile> {
    // Without O_NONBLOCK, opening a named pipe waits for its writer for ever.
    const handle = await readable(path, open(path, constants.O_RDONLY | constants.O_NONBLOCK));
    try {
      const stats = await readable(path, handle.stat({bigint: true}));
      if (stats.isFile()) return new RegularFile(path, title, handle, stats);
      const kind = stats.isDirectory() ? 'a folder' : 'a pipe or a device';
      throw new FileError(`${path} is ${kind}, not a file`, {
        hint: 'name a CSV file, or - for standard input',
      });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get bytes(): number {
    return Number(this.#size);
  }

  /** SHA-256 of the whole file, in hex. */
  async sha256(): Promise<string> {
    if (this.#sha256 === undefined) for await (const _ of this.chunks());
    return this.#sha256 ?? '';
  }

  /** @throws {InputError} `file_changed` before a chunk of other bytes than those of the first whole reading. */
  async *chunks(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for (let position = 0; ;) {
      const chunk = await this.#read(position);
      const stats = await readable(this.#path, this.#handle.stat({bigint: true}));
      if (stats.size !== this.#size) throw this.#changed();
      const changes = changesOf(stats);
      if (changes !== this.#changes) await this.#acceptSameBytes(changes);
      if (chunk.length === 0) break;
      position += chunk.length;
      hash.update(chunk);
      yield chunk;
    }
    const sha256 = hash.digest('hex');
    if (this.#sha256 !== undefined && sha256 !== this.#sha256) throw this.#changed();
    this.#sha256 = sha256;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #read(position: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const {bytesRead} = await readable(this.#path, this.#handle.read(buffer, 0, chunkBytes, position));
    return buffer.subarray(0, bytesRead);
  }

  /** A new date alone is no change: a copy that was put back, or a `touch`. */
  async #acceptSameBytes(changes: string): Promise<void> {
    const hash = createHash('sha256');
    for (
      let position = 0, chunk = await this.#read(0);
      chunk.length > 0;
      chunk = await this.#read(position)
    ) {
      position += chunk.length;
      hash.update(chunk);
    }
    if (hash.digest('hex') !== this.#sha256) throw this.#changed();
    this.#changes = changes;
  }

  #changed(): InputError {
    return new InputError(`${this.#title}: the file changed while it was being read`, {
      code: 'file_changed',
      hint: 'close it in other programs; a run that has begun needs it as it was',
    });
  }
}

function changesOf({mtimeNs, ctimeNs}: BigIntStats): string {
  return `${mtimeNs} ${ctimeNs}`;
}

const reasons: Readonly<Record<string, string>> = {
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
    throw new FileError(`cannot read ${path}: ${reasons[code] ?? (code || String(cause))}`, {
      cause,
      hint: 'check the path, and whether you may read it',
    });
  }
}
