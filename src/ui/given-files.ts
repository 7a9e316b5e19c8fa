import {randomBytes} from 'node:crypto';
import {mkdir, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.ts';
import {writePrivateFile} from '../files/write-file.ts';
import {makeRunsFolder} from '../runs/run-directory.ts';

/** A file that the page was given. */
export interface GivenFile {
  id: string;
  name: string;
  path: string;
  /** Milliseconds since 1970. */
  at: number;
}

const shownFiles = 20;

/**
 * The files that the page was given, and their corrected copies: each in a private folder of its own in the runs folder,
 * where a run that names it can go on. No other file can be named by the page.
 */
export class GivenFiles {
  readonly #out: string;
  readonly #folder: string;

  constructor(out: string) {
    this.#out = out;
    this.#folder = join(out, '.files');
  }

  /** The path for a new file, in a folder that is made for it. */
  async place(name: string): Promise<GivenFile> {
    const now = Date.now();
    const id = `${new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14)}-${randomBytes(6).toString('hex')}`;
    const folder = join(this.#folder, id);
    await makeRunsFolder(this.#out);
    await mkdir(folder, {recursive: true, mode: 0o700});
    const safe = safeName(name);
    return {id, name: safe, path: join(folder, safe), at: now};
  }

  async keep(name: string, bytes: Buffer): Promise<GivenFile> {
    const file = await this.place(name);
    await writePrivateFile(file.path, bytes);
    return file;
  }

  /** @throws UsageError for an id that is none of them */
  async find(id: unknown): Promise<GivenFile> {
    const known = typeof id === 'string' && /^\d{14}-[0-9a-f]{12}$/.test(id);
    const [name] = known ? await readdir(join(this.#folder, id)).catch(() => []) : [];
    if (!known || name === undefined)
      throw new UsageError('this file is not there any more', {
        code: 'no_file',
        hint: 'choose the file again',
      });
    const path = join(this.#folder, id, name);
    return {id, name, path, at: (await stat(path)).mtimeMs};
  }

  /** Newest first. */
  async recent(): Promise<GivenFile[]> {
    const ids = await readdir(this.#folder).catch(() => []);
    const newest = ids.toSorted((one, other) => (one < other ? 1 : -1)).slice(0, shownFiles);
    const found = await Promise.all(newest.map((id) => this.find(id).catch(() => undefined)));
    return found.filter((each) => each !== undefined);
  }
}

/** The last part of a name, without what a file system or a terminal would take for something else. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replaceAll(/[\p{C}<>:"|?*]/gu, '').replace(/^[.\s-]+/, '');
  return plain.slice(-120) || 'file.csv';
}
