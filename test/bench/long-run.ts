import {appendFileSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {encodeEntry} from '../../src/journal/encode-entry.ts';
import type {Entry, StampedEntry} from '../../src/journal/entry.ts';
import {expect} from 'vitest';
import {type BenchStage, plainRun} from './bench-stage.ts';

/** A run that a crash ended a few rows before its last. */
export interface LongRun {
  journal: string;
  /** Bytes of the journal as the crash left it. */
  size: number;
  /** Rows that it did not come to. */
  left: number;
}

/** Rows sent for real: they show which entries a row makes. */
const sentForReal = 400;
const left = 100;
/** Entries in a flush when 16 rows are on their way. */
const inOneFlush = 8;
/** 1,200 an hour. */
const msPerRow = 3000;

/**
 * A journal of a run over `rows` rows, of which the first few were really sent; the others are entries that the
 * product's own encoder writes, of the very form of those. One row in a hundred is refused.
 */
export async function synthesiseLongRun(stage: BenchStage, file: string, rows: number): Promise<LongRun> {
  const {bulk42, path} = stage;
  const requests = String(sentForReal + 1);
  await bulk42(['run', 'cursus-users', file, ...plainRun, '--max-requests', requests], {exitCode: 75});
  const [run = ''] = readdirSync(path('runs')).filter((name) => name.includes('cursus-users'));
  const journal = path(join('runs', run, 'journal.ndjson'));
  const real = readFileSync(journal, 'utf8').trimEnd().split('\n').map(parseEntry);
  const last = real.at(-1) as StampedEntry;
  const done = new Set(real.map((entry) => (entry.k === 'done' ? entry.r : 0)));
  let [sequence, time] = [last.s + 1, last.t + 1000];
  let block = '';
  const synthesised = new Map<string, string>();
  const flush = (entries: readonly Entry[]) => {
    const first = sequence;
    for (const entry of entries) {
      const stamped = {s: sequence++, b: first, t: Math.round(time), ...entry};
      synthesised.set(formOf(stamped), '');
      block += encodeEntry(stamped);
    }
    if (block.length < 1 << 20) return;
    appendFileSync(journal, block);
    block = '';
  };
  flush([{k: 'open', pid: 1}]);
  // The header is line 1.
  const lines = Array.from({length: rows}, (_, n) => n + 2).filter((line) => !done.has(line));
  for (let at = 0; at < lines.length - left; at += inOneFlush) {
    const batch = lines.slice(at, Math.min(at + inOneFlush, lines.length - left));
    flush(batch.map((r) => ({k: 'intent', r, a: 1, q: requestId(r), ahead: 0})));
    time += msPerRow * batch.length;
    flush(batch.map(ended));
  }
  appendFileSync(journal, block);
  const forms = new Set(real.map(formOf));
  expect([...forms]).toEqual(expect.arrayContaining([...synthesised.keys()]));
  return {journal, size: statSync(journal).size, left};
}

function ended(r: number): Entry {
  // Lines and users go in step: the user of line 2 is 100,001.
  const refused = (r - 1) % 100 === 0;
  return refused
    ? {k: 'done', r, a: 1, o: 'failed', st: 422, via: 'answer', code: 'rejected', msg: refusal}
    : {k: 'done', r, a: 1, o: 'created', st: 201, via: 'answer', id: r};
}

const refusal = 'base This user can not be enrolled';

function requestId(row: number): string {
  return `${row.toString(16).padStart(8, '0')}-5a5a-4b4b-8c8c-${(row * 7919).toString(16).padStart(12, '0')}`;
}

/** An entry without its checksum. */
function parseEntry(line: string): StampedEntry {
  const {c: _checksum, ...entry} = JSON.parse(line) as StampedEntry & {c: string};
  return entry;
}

/** Names of an entry's members in their order, and the types of their values. */
function formOf(entry: StampedEntry): string {
  return Object.entries(entry)
    .map(([name, value]) => (name === 'k' ? String(value) : `${name}:${typeof value}`))
    .join(' ');
}
