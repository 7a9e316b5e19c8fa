import {createHash} from 'node:crypto';
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {Job} from '../../src/job/job.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {encodeEntry} from '../../src/journal/encode-entry.ts';
import type {Entry, HeaderEntry} from '../../src/journal/entry.ts';
import {replay, type Replayed} from '../../src/journal/replay.ts';
import {InputRows} from '../../src/input/input-rows.ts';

/** Ten to nine in the morning of the day on which all runs of these tests began. */
export const began = Date.UTC(2026, 10, 23, 8, 50);

export interface Recording {
  folder?: string;
  /** What is to be done when the run is no longer needed; by default at the end of the test. */
  whenOver?: (cleanUp: () => unknown) => void;
  job?: string | Job;
  /** Lines of the CSV file, the header first. */
  lines: Iterable<string>;
  /** What the run wrote after its header, each with its time in ms since the run began. */
  entries: Iterable<readonly [number, Entry]>;
  header?: Partial<HeaderEntry>;
}

export interface RecordedRun {
  folder: string;
  page: string;
  replayed: Replayed;
  input: InputRows;
  /** Journal and file read again, as by another process. */
  again(): Promise<{replayed: Replayed; input: InputRows}>;
}

/** A run as it would lie on the disk, made up without an API: its CSV file and its journal. */
export async function recordedRun(recording: Recording): Promise<RecordedRun> {
  const {job: named = 'patronages', whenOver = onTestFinished} = recording;
  const folder = recording.folder ?? mkdtempSync(join(tmpdir(), 'bulk42-test-'));
  if (recording.folder === undefined) whenOver(() => rmSync(folder, {recursive: true, force: true}));
  const job = typeof named === 'string' ? await loadJob(named) : named;
  const csv = join(folder, 'promo-2026.csv');
  const journal = join(folder, 'journal.ndjson');
  const {lines, sha256, bytes} = writeLines(csv, recording.lines);
  const header: HeaderEntry = {
    k: 'header',
    v: 1,
    run: '20261123T085000Z-patronages',
    tool: '0.1.0',
    job: job.name,
    jobHash: job.hash,
    input: {path: csv, sha256, bytes, rows: lines - 1},
    baseUrl: 'https://api.intra.42.fr',
    client: '1f2e3d4c',
    shape: {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false},
    existing: 'skip',
    onInvalid: 'skip',
    ...recording.header,
  };
  writeLines(journal, encoded(header, recording.entries));
  const again = async () => {
    const replayed = await replay(journal);
    if (!replayed) throw new Error('the recorded journal is empty');
    const input = await InputRows.open(csv, job, header.shape, {now: new Date(began)});
    whenOver(() => input.close());
    return {replayed, input};
  };
  return {folder, page: join(folder, 'report.html'), ...(await again()), again};
}

function* encoded(header: HeaderEntry, entries: Iterable<readonly [number, Entry]>): Generator<string> {
  let s = 0;
  yield encodeEntry({...header, s, b: s, t: began}).trimEnd();
  for (const [after, entry] of entries) {
    s++;
    yield encodeEntry({...entry, s, b: s, t: began + after}).trimEnd();
  }
}

function writeLines(path: string, lines: Iterable<string>): {lines: number; sha256: string; bytes: number} {
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  let [count, bytes, block] = [0, 0, ''];
  const flush = () => {
    hash.update(block);
    bytes += writeSync(file, block);
    block = '';
  };
  for (const line of lines) {
    count++;
    block += `${line}\n`;
    if (block.length > 1 << 20) flush();
  }
  flush();
  closeSync(file);
  return {lines: count, sha256: hash.digest('hex'), bytes};
}
