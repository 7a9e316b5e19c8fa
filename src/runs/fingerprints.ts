import {hash, randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {createPrivateFile, onDisk} from '../files/write-file.ts';
import {InputError} from '../errors.ts';
import type {Job} from '../job/job.ts';
import type {Values} from '../job/row.ts';

const keyBytes = 32;
const printBytes = 8;

/**
 * What the successful rows of a run held, as keyed fingerprints: enough to recognise the same row again, and nothing
 * that could be read back. Secrets are no part of it. The file is the key (32 bytes) and then 8 bytes a row.
 */
export class Fingerprints {
  readonly #key: Buffer;
  readonly #job: Job;
  readonly #secret: ReadonlySet<string>;
  readonly #known: ReadonlySet<bigint>;

  private constructor(job: Job, key: Buffer, known: ReadonlySet<bigint>) {
    this.#job = job;
    this.#key = key;
    this.#known = known;
    this.#secret = new Set(job.columns.filter(({column}) => column.traits.secret).map(({field}) => field));
  }

  static create(job: Job): Fingerprints {
    return new Fingerprints(job, randomBytes(keyBytes), new Set());
  }

  static async read(path: string, job: Job): Promise<Fingerprints> {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new InputError('the earlier run keeps no record of its rows to compare with', {
        code: 'no_fingerprints',
        hint: 'it did not finish; run once without --changed-since',
        cause,
      });
    });
    const known = new Set<bigint>();
    for (let at = keyBytes; at + printBytes <= bytes.length; at += printBytes)
      known.add(bytes.readBigUInt64LE(at));
    return new Fingerprints(job, bytes.subarray(0, keyBytes), known);
  }

  /** Whether a row like this was successful in the run that these come from. */
  has(values: Values): boolean {
    return this.#known.has(this.#of(values).readBigUInt64LE(0));
  }

  async write(path: string, rows: AsyncIterable<Values>): Promise<void> {
    const file = await onDisk(path, createPrivateFile(path));
    try {
      let waiting: Buffer[] = [this.#key];
      for await (const values of rows) {
        waiting.push(this.#of(values));
        if (waiting.length < 4096) continue;
        await onDisk(path, file.writeFile(Buffer.concat(waiting)));
        waiting = [];
      }
      await onDisk(path, file.writeFile(Buffer.concat(waiting)));
      await onDisk(path, file.sync());
    } finally {
      await file.close();
    }
  }

  #of(values: Values): Buffer {
    const text = JSON.stringify([this.#job.name, values], (name, value: unknown) =>
      this.#secret.has(name) ? undefined : value,
    );
    // The key comes first, which is as good as an HMAC where only a part of the hash is kept.
    return hash('sha256', this.#key.toString('hex') + text, 'buffer').subarray(0, printBytes);
  }
}
