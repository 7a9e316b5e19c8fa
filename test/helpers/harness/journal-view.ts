import {existsSync, readFileSync} from 'node:fs';
import {decodeEntry} from '../../../src/journal/encode-entry.ts';
import type {StampedEntry} from '../../../src/journal/entry.ts';
import type {Outcome} from '../../../src/outcome.ts';

type IntentEntry = StampedEntry & {k: 'intent'};

/** What the journal holds about one row, folded without the program's own code. */
interface RowView {
  line: number;
  outcome: Outcome;
  intents: IntentEntry[];
  /** The row's entries in order. */
  entries: StampedEntry[];
}

export interface JournalView {
  entries: StampedEntry[];
  rows: Map<number, RowView>;
  /** The whole file, a torn end included. */
  bytes: Buffer;
  /** Length of the part that is whole. */
  good: number;
}

/** A journal up to its first damaged line. A file that does not exist is an empty one. */
export function viewJournal(path: string): JournalView {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const entries: StampedEntry[] = [];
  let good = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, good)) {
    const entry = decodeEntry(bytes.subarray(good, end));
    if (!entry) break;
    entries.push(entry);
    good = end + 1;
  }
  const rows = new Map<number, RowView>();
  for (const entry of entries) {
    if (!('r' in entry)) continue;
    const row = rows.get(entry.r) ?? {line: entry.r, outcome: 'not_started', intents: [], entries: []};
    rows.set(entry.r, row);
    row.entries.push(entry);
    if (entry.k === 'intent') row.intents.push(entry);
    row.outcome = outcomeAfter(entry, row.outcome);
  }
  return {entries, rows, bytes, good};
}

function outcomeAfter(entry: StampedEntry, before: Outcome): Outcome {
  switch (entry.k) {
    case 'intent':
      return 'in_doubt';
    case 'unsent':
    case 'refused':
    case 'not_applied':
      return 'not_started';
    case 'done':
      return entry.o;
    case 'invalid':
    case 'unchanged':
      return entry.k;
    default:
      return before;
  }
}

const final = new Set<StampedEntry['k']>(['done', 'invalid', 'unchanged']);

/** What is wrong with the journal in itself: gaps, rows that go backwards, sendings that nothing allowed. */
export function journalViolations({entries, rows}: JournalView, settleMs: number): string[] {
  const wrong: string[] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry.s !== at) wrong.push(`entry ${at} has sequence number ${entry.s}`);
    if (entry.b > entry.s) wrong.push(`entry ${at} belongs to a later batch`);
    if ((entry.k === 'header') !== (at === 0)) wrong.push(`entry ${at} is a ${entry.k}`);
  }
  for (const row of rows.values()) wrong.push(...rowViolations(row, settleMs));
  return wrong;
}

function rowViolations({line, entries}: RowView, settleMs: number): string[] {
  const wrong: string[] = [];
  let open = false;
  let since = 0;
  let absent = new Set<number>();
  for (const [at, entry] of entries.entries()) {
    const before = entries[at - 1];
    if (before && final.has(before.k) && entry.k !== 'named')
      wrong.push(`line ${line}: ${entry.k} after ${before.k}`);
    if (entry.k === 'intent') {
      if (open) wrong.push(`line ${line}: sent again while in doubt`);
      open = true;
      since = entry.t;
      absent = new Set();
    } else if (entry.k === 'doubt') {
      // The attempt's own end; a later one records that no reading could settle it.
      if (before?.k === 'intent') since = entry.t;
    } else if (entry.k === 'check') {
      if (entry.res === 'absent') absent.add(entry.n);
    } else if (entry.k === 'not_applied') {
      if (!absent.has(1) || !absent.has(2))
        wrong.push(`line ${line}: taken for not applied without two readings`);
      // Both times are rounded to a millisecond.
      if (entry.t - since < settleMs - 2) wrong.push(`line ${line}: settled after ${entry.t - since} ms`);
      open = false;
    } else {
      open = false;
    }
  }
  return wrong;
}
