import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {open, type FileHandle} from 'node:fs/promises';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {systemClock} from '../../src/clock.ts';
import {DiskError} from '../../src/errors.ts';
import {decodeEntry, encodeEntry} from '../../src/journal/encode-entry.ts';
import type {Entry, StampedEntry} from '../../src/journal/entry.ts';
import {Journal} from '../../src/journal/journal.ts';
import {replay} from '../../src/journal/replay.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {header, writeJournal} from './write-journal.ts';

/** The class behind every open file, to watch and to break its calls. */
async function fileHandleClass(): Promise<FileHandle> {
  const handle = await open(join(temporaryFolder(), 'any'), 'w');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

const spent = (n: number): Entry => ({k: 'spent', n, x: 0});

afterEach(() => vi.restoreAllMocks());

it('an entry comes back as it went in, whatever text it holds', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.nat(), (msg, s) => {
      const entry: StampedEntry = {s, b: s, t: 5, k: 'done', r: 3, o: 'failed', msg};
      const line = encodeEntry(entry);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      // Lone surrogates do not survive any encoding; everything else does.
      expect(decodeEntry(Buffer.from(line.slice(0, -1)))).toEqual(JSON.parse(JSON.stringify(entry)));
      expect(JSON.parse(line)).toMatchObject({k: 'done', r: 3});
    }),
  );
});

describe('the journal', () => {
  it('belongs to its owner alone, and is never made over another file', async () => {
    const {path} = await writeJournal();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(Journal.create(path, systemClock, () => undefined)).rejects.toBeInstanceOf(DiskError);
  });

  it('writes what waits together in one flush, and calls back only then', async () => {
    const path = join(temporaryFolder(), 'journal.ndjson');
    const folded: number[] = [];
    const journal = await Journal.create(path, systemClock, (entry) => folded.push(entry.s));
    const prototype = await fileHandleClass();
    const {datasync} = prototype;
    const toldBefore: number[] = [];
    const flush = vi.spyOn(prototype, 'datasync').mockImplementation(function (this: FileHandle) {
      toldBefore.push(folded.length);
      return datasync.call(this);
    });
    const appended = Array.from({length: 50}, (_, n) => journal.append(n === 0 ? header : spent(n)));
    await Promise.all(appended);
    expect(toldBefore).toEqual([0]);
    expect(folded).toEqual(Array.from({length: 50}, (_, n) => n));
    expect(flush).toHaveBeenCalledTimes(1);
    await journal.close();
    const entries = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => decodeEntry(Buffer.from(line)) as StampedEntry);
    expect(new Set(entries.map(({b}) => b))).toEqual(new Set([0]));
  });

  it('flushes notes together with awaited entries, and resolves when all is durable', async () => {
    const path = join(temporaryFolder(), 'journal.ndjson');
    const folded: number[] = [];
    const journal = await Journal.create(path, systemClock, (entry) => folded.push(entry.s));
    const flush = vi.spyOn(await fileHandleClass(), 'datasync');
    journal.note(header);
    await Promise.resolve();
    await journal.append(spent(1));
    expect(flush).toHaveBeenCalledTimes(1);
    journal.note(spent(2));
    expect(folded).toEqual([0, 1]);
    await journal.flushed();
    expect(folded).toEqual([0, 1, 2]);

    vi.spyOn(await fileHandleClass(), 'datasync').mockRejectedValueOnce(
      Object.assign(new Error('broken'), {code: 'EIO'}),
    );
    journal.note(spent(3));
    await expect(journal.flushed()).rejects.toMatchObject({code: 'disk_eio'});
    await journal.close();
  });

  it.each(['write', 'datasync'] as const)('after a failed %s writes nothing more', async (call) => {
    const path = join(temporaryFolder(), 'journal.ndjson');
    const journal = await Journal.create(path, systemClock, () => undefined);
    await journal.append(header);
    const size = statSync(path).size;
    const prototype = await fileHandleClass();
    const full = Object.assign(new Error('no space'), {code: 'ENOSPC'});
    vi.spyOn(prototype, call).mockRejectedValueOnce(full);
    const waiting = [journal.append(spent(1)), journal.append(spent(2))];
    for (const each of waiting) await expect(each).rejects.toMatchObject({exitCode: 74, code: 'disk_enospc'});
    await expect(journal.append(spent(3))).rejects.toBeInstanceOf(DiskError);
    await journal.close();
    if (call === 'write') expect(statSync(path).size).toBe(size);
  });

  it('finishes a write that the disk took only in part', async () => {
    const path = join(temporaryFolder(), 'journal.ndjson');
    const journal = await Journal.create(path, systemClock, () => undefined);
    const prototype = await fileHandleClass();
    const write = prototype.write;
    vi.spyOn(prototype, 'write').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      const [bytes, at] = args as [Buffer, number];
      return Reflect.apply(write, this, [bytes, at, Math.min(7, bytes.length - at)]) as ReturnType<
        FileHandle['write']
      >;
    });
    await journal.append(header);
    await journal.append(spent(4));
    await journal.close();
    expect((await replay(path))?.end.sequence).toBe(2);
  });

  it('goes on behind its good end, with a torn one cut off', async () => {
    const {path, bytes} = await writeJournal();
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('{"s":99,"b":9')]));
    const torn = await replay(path);
    const journal = await Journal.reopen(
      path,
      systemClock,
      torn?.end ?? {sequence: 0, bytes: 0, torn: 0},
      () => undefined,
    );
    await journal.append(spent(5));
    await journal.close();
    const again = await replay(path);
    expect(again?.end.torn).toBe(0);
    expect(again?.end.sequence).toBe((torn?.end.sequence ?? 0) + 1);
    expect(again?.states.requests.reads).toBe((torn?.states.requests.reads ?? 0) + 5);
  });
});
