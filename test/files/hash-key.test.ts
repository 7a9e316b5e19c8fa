import {mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {DiskError} from '../../src/errors.ts';
import {HashKey} from '../../src/files/hash-key.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

describe('the key of a state folder', () => {
  it('is made once, for its owner alone, also where many begin at the same time', async () => {
    const folder = join(temporaryFolder(), 'state');
    const keys = await Promise.all(Array.from({length: 20}, () => HashKey.open(folder)));
    expect(new Set(keys.map(({id}) => id)).size).toBe(1);
    expect(new Set(keys.map((key) => key.of('row 7'))).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['key']);
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('tells hashes of one key from those of another, and does not show itself', async () => {
    const [one, other] = await Promise.all([
      HashKey.open(temporaryFolder()),
      HashKey.open(temporaryFolder()),
    ]);
    expect(one.id).not.toBe(other.id);
    expect(one.of('row 7')).not.toBe(other.of('row 7'));
    expect(one.of('row 7')).not.toBe(one.of('row 8'));
    expect(one.of('row 7')).toMatch(/^[0-9a-f]{16}$/);
    expect(one.id).toMatch(/^[0-9a-f]{8}$/);
  });

  it('holds nothing of its id that could be taken for the key', async () => {
    const folder = temporaryFolder();
    const {id} = await HashKey.open(folder);
    expect(readFileSync(join(folder, 'key')).toString('hex')).not.toContain(id);
  });

  it.each([
    [
      'a link',
      (path: string) => (
        writeFileSync(`${path}-elsewhere`, Buffer.alloc(32)),
        symlinkSync(`${path}-elsewhere`, path)
      ),
    ],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a file that was cut', (path: string) => writeFileSync(path, Buffer.alloc(31))],
  ])('is refused where %s has its place', async (_what, put) => {
    const folder = temporaryFolder();
    put(join(folder, 'key'));
    const opening = HashKey.open(folder);
    await expect(opening).rejects.toBeInstanceOf(DiskError);
    await expect(opening).rejects.toMatchObject({code: 'hash_key', hint: expect.stringContaining('remove')});
  });
});
