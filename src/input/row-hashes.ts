import {createHash} from 'node:crypto';
import type {HashKey} from '../files/hash-key.ts';
import {type FileRef, isFileRef} from '../http/request.ts';
import type {Job} from '../job/job.ts';
import {keyOf} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';
import type {FileFolder} from './file-folder.ts';

/** Keyed hashes of what names a row's target, and of all that the row holds. */
export interface RowHash {
  key: string;
  row: string;
}

/** Secrets and the contents of files count as every cell does. */
export class RowHashes {
  readonly #job: Job;
  readonly #key: HashKey;
  readonly #files: Pick<FileFolder, 'read'>;

  constructor(job: Job, key: HashKey, files: Pick<FileFolder, 'read'>) {
    this.#job = job;
    this.#key = key;
    this.#files = files;
  }

  async of(values: Values): Promise<RowHash> {
    const row = await this.row(values);
    const key = keyOf(this.#job, values);
    // A row without a key is its own target.
    return {row, key: key === '' ? row : this.#key.of(JSON.stringify(['key', this.#job.name, key]))};
  }

  async row(values: Values): Promise<string> {
    const contents = new Map<string, string>();
    for (const ref of filesOf(values)) {
      const {bytes} = await this.#files.read(ref);
      contents.set(ref.file, createHash('sha256').update(bytes).digest('hex'));
    }
    const text = JSON.stringify(['row', this.#job.name, values], (_name, value: unknown) => {
      if (isFileRef(value)) return {contents: contents.get(value.file)};
      return isRecord(value) ? sorted(value) : value;
    });
    return this.#key.of(text);
  }
}

/** Files are named by plain columns only. */
function filesOf(values: Values): FileRef[] {
  return Object.values(values).filter(isFileRef);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The order of columns in a file says nothing. */
function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
