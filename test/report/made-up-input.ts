import type {HeaderEntry, StampedEntry} from '../../src/journal/entry.ts';
import type {Replayed} from '../../src/journal/replay.ts';
import {RequestTimeline} from '../../src/journal/request-timeline.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import type {PageInput} from '../../src/report/page/select-rows.ts';
import {began} from './recorded-run.ts';

type Unstamped<E> = E extends StampedEntry ? Omit<E, 's' | 'b'> : never;
export type MadeUpEntry = Unstamped<StampedEntry>;

/** A journal of any length that was never written. */
export function replayedFrom(
  rows: number,
  entries: Iterable<MadeUpEntry>,
  more: Partial<HeaderEntry> = {},
): Replayed {
  const states = new RowStates(rows);
  const timeline = new RequestTimeline();
  let t = began;
  for (const entry of entries) {
    const stamped: StampedEntry = {...entry, s: 0, b: 0};
    t = stamped.t;
    timeline.fold(stamped, stamped.k === 'unsent' ? states.doubts.get(stamped.r)?.intentAt : undefined);
    states.fold(stamped);
  }
  const header = {
    k: 'header',
    t: began,
    run: '20261123T085000Z-patronages',
    job: 'patronages',
    tool: '0.1.0',
    baseUrl: 'https://api.intra.42.fr',
    shape: {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false},
    input: {path: '/somewhere/rows.csv', sha256: 'f00d', bytes: 1, rows},
    ...more,
  } as HeaderEntry & {t: number};
  const end = {sequence: 1, bytes: 1, torn: 0};
  return {header, states, timeline, end, state: 'finished', left: {t, code: 20}, settleMs: 90_000};
}

/** A file of any length that was never written: two key columns, an e-mail address and a password. */
export function inputOf(count: number, cellsOf: (row: number) => readonly string[]): PageInput {
  return {
    job: {definition: {summary: 'Pair students with their godfathers'}},
    header: ['user_id', 'godfather_id', 'email', 'password'],
    answerFields: [],
    secretColumns: new Set([3]),
    keyColumns: [
      {name: 'user_id', at: 0, fallback: ''},
      {name: 'godfather_id', at: 1, fallback: '77'},
    ],
    readColumns: ['user_id', 'godfather_id', 'email', 'password'].map((name, at) => ({name, at})),
    dialect: () => Promise.resolve({delimiter: ',', hasMark: false}),
    async *lines() {
      for (let first = 0; first < count; first += 1000) {
        const batch = [];
        for (let row = first; row < Math.min(count, first + 1000); row++) {
          batch.push({line: row + 2, origin: row + 2, cells: cellsOf(row)});
        }
        yield batch;
      }
    },
  };
}

/** So many rows: a third of them invalid, and among the others one that failed and one that was updated. */
export function manyRows(count: number): {replayed: Replayed; input: PageInput} {
  const entries = function* (): Generator<MadeUpEntry> {
    for (let r = 2; r < count + 2; r++) {
      const t = began + r;
      if (r === count * 0.7 + 1) yield {k: 'done', t, r, o: 'failed', st: 404, code: 'not_found', msg: 'no'};
      else if (r === count * 0.9 + 1) yield {k: 'done', t, r, o: 'updated', st: 200};
      else if (r % 3 === 0) yield {k: 'invalid', t, r, code: 'required', msg: `user_id: empty ${r}`};
      else yield {k: 'unchanged', t, r, id: r};
    }
  };
  return {
    replayed: replayedFrom(count, entries()),
    input: inputOf(count, (row) => [`user${row}`, '12', '', '']),
  };
}
