import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {decodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {replay, type Replayed} from '../../src/journal/replay.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {writeJournal} from './write-journal.ts';

const rows = 20;
const linesOfRows = Array.from({length: rows + 2}, (_, line) => line);

/** The states after the first `count` entries, folded one by one. */
function expectedStates(entries: readonly StampedEntry[], count: number): unknown {
  const states = new RowStates(rows);
  for (const entry of entries.slice(0, count)) states.fold(entry);
  return seen(states);
}

function seen(states: RowStates): unknown {
  return [states.counts, states.requests, linesOfRows.map((line) => states.row(line))];
}

async function replayBytes(path: string, bytes: Buffer): Promise<Replayed | undefined> {
  writeFileSync(path, bytes);
  return replay(path);
}

/** How many entries of the whole journal lie in flushes that end before this entry's. */
function flushedBefore(entries: readonly StampedEntry[], batch: number): number {
  return entries.filter(({b}) => b < batch).length;
}

describe('a damaged journal', () => {
  it('cut at any byte gives the states of the entries before the cut', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(line) as StampedEntry);
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

  it('with any bit flipped is refused, or loses nothing but its last flush', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(line) as StampedEntry);
    const lastFlush = flushedBefore(entries, entries.at(-1)?.b ?? 0);
    const path = join(temporaryFolder(), 'flipped.ndjson');
    const outcomes = {refused: 0, cut: 0};
    // Every byte once, each with another of its bits: 8 flips a byte would only repeat the same decisions.
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const replayed = await replayBytes(path, flipped).catch((error: unknown) => error as Error);
      if (replayed instanceof Error) {
        expect(replayed.message).toMatch(/journal/);
        outcomes.refused++;
        continue;
      }
      const kept = replayed?.end.sequence ?? 0;
      expect(kept).toBeGreaterThanOrEqual(lastFlush);
      expect(seen(replayed?.states as RowStates)).toEqual(expectedStates(entries, kept));
      outcomes.cut++;
    }
    expect(outcomes.refused).toBeGreaterThan(bytes.length / 2);
    expect(outcomes.cut).toBeGreaterThan(0);
  });

  it('with a zero-filled end keeps everything before it', async () => {
    const {bytes, lines} = await writeJournal();
    const entries = lines.map((line) => decodeEntry(line) as StampedEntry);
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
