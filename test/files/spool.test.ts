import {mkdtemp, readFile, readdir, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {Readable} from 'node:stream';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {spoolInput} from '../../src/files/spool.ts';
import {readTable} from '../csv/read-table.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
});
afterEach(() => rm(folder, {recursive: true}));

test('keeps the bytes of a stream, whatever they are, for the owner alone', async () => {
  const bytes = Buffer.from('login\nzo\xe9\n', 'latin1');
  const path = await spoolInput(Readable.from([bytes.subarray(0, 8), bytes.subarray(8)]), folder);
  expect(dirname(path)).toBe(folder);
  expect(await readFile(path)).toEqual(bytes);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await readTable(path)).cells).toEqual([['zoé']]);
});

test('each stream has its own file', async () => {
  const first = await spoolInput(Readable.from(['a']), folder);
  const second = await spoolInput(Readable.from(['b']), folder);
  expect(second).not.toBe(first);
  expect(await readFile(first, 'utf8')).toBe('a');
});

test('a stream that fails is a file error and leaves nothing', async () => {
  const stream = new Readable({
    read() {
      this.push('login\n');
      this.destroy(new Error('pipe broke'));
    },
  });
  await expect(spoolInput(stream, folder)).rejects.toMatchObject({
    exitCode: 66,
    cause: {message: 'pipe broke'},
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that is not there is a disk error', async () => {
  const absent = join(folder, 'absent');
  await expect(spoolInput(Readable.from(['a']), absent)).rejects.toMatchObject({exitCode: 74});
});
