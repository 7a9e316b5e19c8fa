import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {decodeEntry} from '../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../src/journal/entry.ts';
import {replay} from '../../src/journal/replay.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';
import {writeJournal} from './write-journal.ts';

const rows = 20;

/** The states after the first `count` entries, folded one by one. */
export function expectedStates(entries: readonly StampedEntry[], count: number): unknown {
  const states = new RowStates(rows);
  for (const entry of entries.slice(0, count)) states.fold(entry);
  return seen(states);
}

export function seen(states: RowStates): unknown {
  const lines = Array.from({length: rows + 2}, (_, line) => states.row(line));
  return [states.counts, states.requests, lines];
}

/** How many entries of the whole journal lie in flushes that end before the last one. */
export function flushedBeforeLast(entries: readonly StampedEntry[]): number {
  const last = entries.at(-1)?.b ?? 0;
  return entries.filter(({b}) => b < last).length;
}

/** Flips these bits of each byte, one at a time: refused, or nothing is lost but the last flush. */
export async function expectFlipsNoticed(bitsOf: (byte: number) => readonly number[]): Promise<void> {
  const {bytes, lines} = await writeJournal();
  const entries = lines.map((line) => decodeEntry(Buffer.from(line)) as StampedEntry);
  const lastFlush = flushedBeforeLast(entries);
  const path = join(temporaryFolder(), 'flipped.ndjson');
  const outcomes = {refused: 0, cut: 0};
  for (const [at, byte] of bytes.entries()) {
    for (const bit of bitsOf(at)) {
      const flipped = Buffer.from(bytes);
      flipped[at] = byte ^ (1 << bit);
      writeFileSync(path, flipped);
      const replayed = await replay(path).catch((error: unknown) => error as Error);
      if (replayed instanceof Error) {
        expect(replayed.message).toMatch(/journal/);
        outcomes.refused++;
        continue;
      }
      const kept = replayed?.end.sequence ?? 0;
      expect(kept).toBeGreaterThanOrEqual(lastFlush);
      expect(replayed && seen(replayed.states)).toEqual(expectedStates(entries, kept));
      outcomes.cut++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(outcomes.cut);
  expect(outcomes.cut).toBeGreaterThan(0);
}
