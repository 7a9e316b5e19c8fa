import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {undecidedLines} from '../../../src/app/write-report.ts';
import {howToGoOn, shortPath} from '../../../src/cli/print/how-to-go-on.ts';
import type {Entry, HeaderEntry} from '../../../src/journal/entry.ts';
import {RowStates} from '../../../src/journal/row-states.ts';

const settled = (r: number): Entry => ({k: 'done', r, a: 1, o: 'created', id: 7});
const failed = (r: number): Entry => ({k: 'done', r, a: 1, o: 'failed', code: 'taken'});
const undecided = (r: number): Entry[] => [
  {k: 'intent', r, a: 1, q: 'POST /v2/patronages'},
  {k: 'doubt', r, a: 1, why: 'undecided', msg: 'two fit'},
];
const timedOut = (r: number): Entry[] => [
  {k: 'intent', r, a: 1, q: 'POST /v2/patronages'},
  {k: 'doubt', r, a: 1, why: 'timeout'},
];

/** A line that names these, in this order. */
const naming = (...facts: string[]): string =>
  expect.stringMatching(new RegExp(facts.map((fact) => fact.replaceAll('.', '\\.')).join('.*'))) as string;

/** A run of rows on lines 2, 3 …, which stood 100 lines further down in the first file. */
async function linesOf(
  rows: number,
  entries: Entry[],
  {
    undoOf,
    out = 'runs',
    state = 'finished',
    isUnwritten = false,
  }: {undoOf?: string; out?: string; state?: 'running' | 'finished'; isUnwritten?: boolean} = {},
) {
  const states = new RowStates(rows);
  entries.forEach((entry, s) => states.fold({...entry, s, b: s, t: s}));
  const lines = Array.from({length: rows}, (_, at) => ({line: at + 2, origin: at + 102, cells: []}));
  return howToGoOn({
    replayed: {states, state, header: {undoOf} as HeaderEntry & {t: number}},
    undecided: await undecidedLines(states, {
      async *lines() {
        yield await Promise.resolve(lines);
      },
    }),
    directory: {
      id: 'R1',
      path: join(process.cwd(), out, 'R1'),
      retry: join(process.cwd(), out, 'R1', 'retry.csv'),
    },
    out,
    isUnwritten,
  });
}

describe('how to go on', () => {
  it('is nothing where every row is settled', async () => {
    expect(await linesOf(2, [settled(2), settled(3)])).toEqual([]);
  });

  it('is a resume where the last word of a run is missing, and a report where only that is', async () => {
    const entries = [settled(2), failed(3)];
    expect(await linesOf(2, entries, {state: 'running', isUnwritten: true})).toEqual([
      naming('bulk42 resume R1'),
    ]);
    expect(await linesOf(2, entries, {isUnwritten: true})).toEqual([naming('bulk42 report R1')]);
  });

  it.each([
    ['rows that were not sent', [settled(2)]],
    ['rows whose answer never came', [settled(2), ...timedOut(3)]],
  ])('is a resume for %s', async (_what, entries) => {
    expect(await linesOf(2, entries)).toEqual([naming('bulk42 resume R1')]);
  });

  it('names the rows that no reading can settle, by their lines in the first file, and what settles them', async () => {
    expect(await linesOf(1, undecided(2))).toEqual([
      naming('line 102:', 'bulk42 resolve R1 --line 102 --as applied', 'not-applied'),
      naming('bulk42 resume R1'),
    ]);
    const many = await linesOf(8, [2, 4, 5, 6, 7, 8].flatMap(undecided).concat(timedOut(3), [settled(9)]));
    expect(many[0]).toEqual(naming('lines 102, 104, 105, 106, 107:'));
  });

  it('is a retry where rows failed, with the file to fix, or the undo once more', async () => {
    expect(await linesOf(2, [settled(2), failed(3)])).toEqual([
      naming('runs/R1/retry.csv', 'bulk42 retry R1'),
    ]);
    expect(await linesOf(2, [settled(2), failed(3)], {undoOf: 'R0'})).toEqual([
      naming('report', 'bulk42 undo R0'),
    ]);
  });

  it('quotes for the shell what has to be', async () => {
    expect(await linesOf(1, [failed(2)], {out: "Ana's runs"})).toEqual([
      expect.stringContaining(String.raw`bulk42 retry R1 --out 'Ana'\''s runs'`),
    ]);
  });

  it('names the runs folder where it is not the usual one', async () => {
    expect(await linesOf(1, [failed(2)], {out: 'elsewhere'})).toEqual([
      naming('elsewhere/R1/retry.csv', 'bulk42 retry R1 --out elsewhere'),
    ]);
  });
});

it('a path is short below the working folder, and whole elsewhere', () => {
  expect(shortPath(join(process.cwd(), 'runs', 'R1'))).toBe('runs/R1');
  expect(shortPath('/srv/bulk42/runs')).toBe('/srv/bulk42/runs');
});
