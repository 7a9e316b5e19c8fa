import {mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {DiskError, InputError} from '../../src/errors.ts';
import type {RowHash} from '../../src/input/row-hashes.ts';
import {Fingerprints} from '../../src/runs/fingerprints.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fingerprints-'));
  path = join(folder, 'rows.prints');
});
afterEach(() => rm(folder, {recursive: true}));

async function* each(rows: Iterable<RowHash>): AsyncGenerator<RowHash> {
  for (const row of rows) yield await Promise.resolve(row);
}

const hashed = (row: number): RowHash => ({
  row: row.toString(16).padStart(16, '0'),
  key: (row + 4096).toString(16).padStart(16, '0'),
});

describe('fingerprints', () => {
  it('know every row of a large run again, with its key', async () => {
    const rows = Array.from({length: 9000}, (_, n) => hashed(n * 7));
    await Fingerprints.write(path, 'ab12cd34', each(rows));
    const prints = await Fingerprints.read(path);
    expect(prints.keyId).toBe('ab12cd34');
    expect(rows.filter(({row, key}) => prints.keyOf(row) !== key)).toEqual([]);
    expect(prints.keyOf(hashed(8).row)).toBeUndefined();
    expect((await stat(path)).size).toBe(16 + 16 * 9000);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keep hashes of all 64 bits, and nothing but them', async () => {
    const row = {row: 'ffffffffffffffff', key: 'fedcba9876543210'};
    await Fingerprints.write(path, '00000001', each([row]));
    expect((await Fingerprints.read(path)).keyOf(row.row)).toBe(row.key);
    expect((await readFile(path)).subarray(16).toString('hex')).toBe(row.row + row.key);
  });

  it('of an earlier version are of no key, and know no row', async () => {
    await writeFile(path, Buffer.alloc(32 + 8 * 5, 7));
    const prints = await Fingerprints.read(path);
    expect(prints.keyId).toBe('');
    expect(prints.keyOf('0707070707070707')).toBeUndefined();
  });

  it('that are not there, or cannot be written, are an error', async () => {
    const reading = Fingerprints.read(path);
    await expect(reading).rejects.toBeInstanceOf(InputError);
    await expect(reading).rejects.toMatchObject({code: 'no_fingerprints'});
    const writing = Fingerprints.write(join(folder, 'none', 'x'), 'ab12cd34', each([]));
    await expect(writing).rejects.toBeInstanceOf(DiskError);
  });
});
