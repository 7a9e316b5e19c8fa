import {readFile} from 'node:fs/promises';
import {InputError} from '../errors.ts';
import {createPrivateFile, onDisk} from '../files/write-file.ts';
import type {RowHash} from '../input/row-hashes.ts';

const mark = 'b42-fp2:';
const headBytes = mark.length + 8;
/** A row's hash and that of its key. */
const recordBytes = 16;

/**
 * What the successful rows of a run held, as keyed hashes: enough to recognise the same row again, and nothing that could
 * be read back. The file is a mark, the name of the key (8 hex digits), and then 16 bytes a row.
 */
export class Fingerprints {
  /** Names the key; '' where the file is of an earlier version. */
  readonly keyId: string;
  readonly #keys: ReadonlyMap<bigint, bigint>;

  private constructor(keyId: string, keys: ReadonlyMap<bigint, bigint>) {
    this.keyId = keyId;
    this.#keys = keys;
  }

  static async read(path: string): Promise<Fingerprints> {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new InputError('the earlier run keeps no record of its rows to compare with', {
        code: 'no_fingerprints',
        hint: 'it did not finish; run once without --changed-since',
        cause,
      });
    });
    const head = bytes.subarray(0, headBytes).toString('latin1');
    const keys = new Map<bigint, bigint>();
    if (!head.startsWith(mark)) return new Fingerprints('', keys);
    for (let at = headBytes; at + recordBytes <= bytes.length; at += recordBytes)
      keys.set(bytes.readBigUInt64BE(at), bytes.readBigUInt64BE(at + 8));
    return new Fingerprints(head.slice(mark.length), keys);
  }

  /** The hash of the key under which this very row was successful; undefined where none was. */
  keyOf(row: string): string | undefined {
    return this.#keys
      .get(BigInt(`0x${row}`))
      ?.toString(16)
      .padStart(16, '0');
  }

  static async write(path: string, keyId: string, rows: AsyncIterable<RowHash>): Promise<void> {
    const file = await onDisk(path, createPrivateFile(path));
    try {
      let waiting = [Buffer.from(mark + keyId, 'latin1')];
      for await (const {row, key} of rows) {
        waiting.push(Buffer.from(row + key, 'hex'));
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
}
