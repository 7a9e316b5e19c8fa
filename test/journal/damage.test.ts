import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {decodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {replay, type Replayed} from '../../src/journal/replay.ts';
import type {RowStates} from '../../src/journal/row-states.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {expectedStates, expectFlipsNoticed, flushedBeforeLast, seen} from './expect-flips-noticed.ts';
import {writeJournal} from './write-journal.ts';

async function replayBytes(path: string, bytes: Buffer): Promise<Replayed | undefined> {
  writeFileSync(path, bytes);
  return replay(path);
}

describe('a damaged journal', () => {
  it('cut at any byte gives the states of the entries before the cut', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(Buffer.from(line)) as StampedEntry);
    const path = join(temporaryFolder(), 'cut.ndjson');
    let whole = 0;
    for (let cut = 0; cut <= bytes.length; cut++) {
      if (cut > 0 && bytes[cut - 1] === 10) whole++;
      const replayed = await replayBytes(path, bytes.subarray(0, cut));
      if (whole === 0) {
        expect(replayed).toBeUndefined();
        continue;
      }
      expect(seen(replayed?.states as RowStates)).toEqual(expectedStates(entries, whole));
      expect(replayed?.end.bytes).toBe(Buffer.byteLength(lines.slice(0, whole).join('\n')) + 1);
      expect(replayed?.end.torn).toBe(cut - (replayed?.end.bytes ?? 0));
    }
  });

  it('with a bit flipped is refused, or loses nothing but its last flush', async () => {
    // Every byte once, each with another of its bits; the nightly tests flip them all.
    await expectFlipsNoticed((byte) => [byte % 8]);
  });

  it('whose end is filled with zeros loses what they took, or is refused', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(Buffer.from(line)) as StampedEntry);
    const path = join(temporaryFolder(), 'zeroed.ndjson');
    const kept = new Set<number>();
    // A prime step meets every place in a line.
    for (let zeros = 1; zeros <= bytes.length; zeros += 7) {
      const zeroed = Buffer.from(bytes).fill(0, bytes.length - zeros);
      const replayed = await replayBytes(path, zeroed).catch((error: unknown) => error as Error);
      if (replayed instanceof Error || replayed === undefined) continue;
      kept.add(replayed.end.sequence);
      expect(seen(replayed.states)).toEqual(expectedStates(entries, replayed.end.sequence));
    }
    expect(kept).toContain(flushedBeforeLast(entries));
  });

  it('with zeros behind its end keeps everything before it', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(Buffer.from(line)) as StampedEntry);
    const path = join(temporaryFolder(), 'zeros.ndjson');
    for (const zeros of [1, 511, 4096]) {
      const replayed = await replayBytes(path, Buffer.concat([bytes, Buffer.alloc(zeros)]));
      expect(seen(replayed?.states as RowStates)).toEqual(expectedStates(entries, entries.length));
      expect(replayed?.end.torn).toBe(zeros);
    }
  });

  it.each([
    ['a line left out', (lines: string[]) => lines.filter((_, at) => at !== 4)],
    [
      'two lines exchanged',
      (lines: string[]) => lines.with(4, lines[5] as string).with(5, lines[4] as string),
    ],
    ['a second header', (lines: string[]) => [...lines, lines[0] as string]],
    ['its end twice', (lines: string[]) => [...lines, ...lines.slice(-2)]],
  ])('with %s is refused', async (_what, change) => {
    const {lines} = await writeJournal();
    const path = join(temporaryFolder(), 'changed.ndjson');
    await expect(replayBytes(path, Buffer.from(`${change(lines).join('\n')}\n`))).rejects.toMatchObject({
      exitCode: 65,
    });
  });
});
