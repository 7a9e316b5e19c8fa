import {createHash} from 'node:crypto';
import type {HashKey} from '../files/hash-key.ts';
import {type ApiRequest, type FileRef, isFileRef, type Tree, type TreeValue} from '../http/request.ts';
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

  /** Names the key: hashes under another one cannot be compared. */
  get keyId(): string {
    return this.#key.id;
  }

  async of(values: Values): Promise<RowHash> {
    const row = await this.row(values);
    const key = keyOf(this.#job, values);
    // A row without a key is its own target.
    return {row, key: key === '' ? row : this.#key.of(JSON.stringify(['key', this.#job.name, key]))};
  }

  /** The order of columns in a file says nothing. */
  async row(values: Values): Promise<string> {
    const contents = await this.#contentsOf(values);
    return this.#hash(['row', this.#job.name, values], (value) =>
      isFileRef(value) ? {contents: contents.get(value.file)} : isRecord(value) ? sorted(value) : value,
    );
  }

  async request({method, path, body}: ApiRequest): Promise<string> {
    const contents = await this.#contentsOf(body ?? {});
    return this.#hash(['request', method, path, body], (value) =>
      isFileRef(value) ? {contents: contents.get(value.file)} : value,
    );
  }

  #hash(facts: unknown, replace: (value: unknown) => unknown): string {
    return this.#key.of(JSON.stringify(facts, (_name, value: unknown) => replace(value)));
  }

  async #contentsOf(holder: Values | Tree): Promise<ReadonlyMap<string, string>> {
    const contents = new Map<string, string>();
    for (const ref of filesOf(holder)) {
      const {bytes} = await this.#files.read(ref);
      contents.set(ref.file, createHash('sha256').update(bytes).digest('hex'));
    }
    return contents;
  }
}

function filesOf(value: Values[string] | TreeValue | Values | Tree): FileRef[] {
  if (typeof value !== 'object' || value === null) return [];
  return isFileRef(value) ? [value] : Object.values(value).flatMap(filesOf);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
