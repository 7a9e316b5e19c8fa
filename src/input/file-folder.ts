import {constants, type FileHandle, open, realpath} from 'node:fs/promises';
import {dirname, resolve, sep} from 'node:path';
import type {FilePart} from '../http/form-body.ts';
import type {FileRef} from '../http/request.ts';
import {InputError} from '../errors.ts';
import type {FileLimits} from '../job/columns/column.ts';
import type {Problem} from '../job/row.ts';

/**
 * The files that rows name, relative to the folder of their CSV file and inside it. Each is checked before
 * anything is sent, and again from the very bytes that are sent.
 */
export class FileFolder {
  readonly #base: string;
  readonly #limits = new Map<string, FileLimits>();

  constructor(csvPath: string) {
    this.#base = dirname(csvPath);
  }

  /** What is wrong with the file, if anything. */
  async check(ref: FileRef, limits: FileLimits): Promise<Problem | undefined> {
    this.#limits.set(ref.file, limits);
    const read = await this.#read(ref, limits);
    return 'part' in read ? undefined : read.problem;
  }

  /** @throws InputError when the file is no longer what was checked. */
  async read(ref: FileRef): Promise<FilePart> {
    const limits = this.#limits.get(ref.file);
    const read = limits ? await this.#read(ref, limits) : undefined;
    if (read && 'part' in read) return read.part;
    throw new InputError(`the file ${ref.file} changed after it was checked`, {
      code: 'file_changed',
      hint: 'put it back, then resume the run',
    });
  }

  async #read(ref: FileRef, limits: FileLimits): Promise<{part: FilePart} | {problem: Problem}> {
    if (/^[a-z][a-z0-9+.-]*:|\\|\0/i.test(ref.file)) {
      return problem('file_path', 'is not a path', 'write the path relative to the CSV file, with /');
    }
    let file: FileHandle | undefined;
    try {
      const base = await realpath(this.#base);
      const path = await findPath(base, ref.file);
      if (!path.startsWith(base.endsWith(sep) ? base : base + sep)) {
        return problem(
          'file_outside',
          'is outside the folder of the CSV file',
          'move the file beside the CSV file',
        );
      }
      // Neither a link put there since, nor a pipe that would never end.
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      const stat = await file.stat();
      if (!stat.isFile()) return problem('file_kind', 'is no regular file', 'name an image file');
      if (stat.size < limits.minBytes || stat.size > limits.maxBytes) return wrongSize(stat.size, limits);
      const bytes = new Uint8Array(await file.readFile());
      if (bytes.length !== stat.size) return wrongSize(bytes.length, limits);
      const type = imageType(bytes);
      if (!type || !limits.types.includes(type.type)) {
        return problem(
          'file_type',
          'is no image of an accepted type',
          `use one of: ${limits.types.join(', ')}`,
        );
      }
      return {part: {bytes, ...type}};
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      return problem(
        'file_missing',
        `cannot be read (${code ?? 'error'})`,
        'check the path: it is relative to the CSV file',
      );
    } finally {
      await file?.close();
    }
  }
}

/** A system may keep `é` as one character or as two, whichever the cell has. */
async function findPath(base: string, file: string): Promise<string> {
  const spellings = [...new Set([file, file.normalize('NFC'), file.normalize('NFD')])];
  const found = await Promise.allSettled(spellings.map((spelling) => realpath(resolve(base, spelling))));
  const path = found.find((result) => result.status === 'fulfilled')?.value;
  return path ?? realpath(resolve(base, file));
}

function problem(code: string, message: string, hint: string): {problem: Problem} {
  return {problem: {code, message, hint}};
}

function wrongSize(size: number, {minBytes, maxBytes}: FileLimits): {problem: Problem} {
  return problem('file_size', `has ${size} bytes`, `it must have ${minBytes} to ${maxBytes} bytes`);
}

/** By the first bytes, since a name proves nothing. */
function imageType(bytes: Uint8Array): {type: string; extension: string} | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return {type: 'image/png', extension: 'png'};
  if (head.startsWith('\xff\xd8\xff')) return {type: 'image/jpeg', extension: 'jpg'};
  if (/^GIF8[79]a/.test(head)) return {type: 'image/gif', extension: 'gif'};
  return undefined;
}
