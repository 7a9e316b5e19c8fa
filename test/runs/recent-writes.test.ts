import {describe, expect, it} from 'vitest';
import {elapsedSince} from '../../src/files/moment.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {RecentWrites} from '../../src/runs/recent-writes.ts';
import {WriteCollector} from '../../src/runs/write-collector.ts';

const foundAt = {wall: 1_000_000, mono: 77};
/** 40 s before `now` the process took the run, 30 minutes after the machine began. */
const opened = {wall: 960_000, boot: 'b0071234', up: 1_800_000};
const now = {wall: 1_000_000, boot: 'b0071234', up: 1_840_000};
const open: Entry = {
  k: 'open',
  pid: 7,
  settleMs: 30_000,
  keyId: 'ab12',
  at: {boot: 'b0071234', up: 1_800_000},
};

/** What a run with these entries, each so many ms after it was taken, is found to have written. */
function collect(
  entries: readonly (readonly [ms: number, entry: Entry])[],
  settleMs = 1000,
  at = now,
  settle = {ms: settleMs},
) {
  const options = {run: 'R', folder: '/runs/R', keyId: 'ab12', now: at, settle};
  const collector = new WriteCollector(options);
  entries.forEach(([ms, entry], s) => collector.see({s, b: s, t: opened.wall + ms, ...entry}));
  return {
    unknownMs: collector.unknownMs,
    writes: collector.writes(),
    recent: new RecentWrites(foundAt, collector.writes(), collector.unknownMs),
  };
}

const intent = (r: number, key = `key${r}`): Entry => ({
  k: 'intent',
  r,
  a: 1,
  q: `q${r}`,
  key,
  row: `row${r}`,
});
const done = (r: number, o: 'created' | 'updated' | 'removed' | 'failed', id?: number): Entry => ({
  k: 'done',
  r,
  a: 1,
  o,
  ...(id !== undefined && {id}),
});

it('what an older run wrote is not believed for longer than what a later one wrote over it', () => {
  const settle = {ms: 1000};
  const older = collect(
    [
      [0, open],
      [0, {k: 'settle', ms: 60_000}],
      [1000, intent(2)],
      [2000, done(2, 'created', 41)],
    ],
    0,
    now,
    settle,
  );
  const removal = [
    [9000, intent(2)],
    [10_000, done(2, 'removed', 41)],
  ] as const;
  const later = collect([[8000, {...open, settleMs: 1000}], ...removal], 0, now, settle);
  const recent = new RecentWrites(foundAt, [...older.writes, ...later.writes]);
  expect(recent.of('key2', 'row2')).toEqual({kind: 'removed', ids: new Set([41])});
});

describe('the writes of a journal', () => {
  it('are known by key and row as long as a reading may not show them', () => {
    const {recent, unknownMs} = collect([
      [0, open],
      [5000, intent(2)],
      [6000, done(2, 'created', 41)],
      [19_000, intent(3)],
      [20_000, done(3, 'created', 42)],
    ]);
    expect(unknownMs).toBe(0);
    expect(recent.of('key2', 'row2')).toEqual({kind: 'none'});
    expect(recent.of('key3', 'row3')).toEqual({kind: 'same', id: 42});
    expect(recent.of('key3', 'another')).toEqual({
      kind: 'other',
      outcome: 'created',
      untilMs: 10_000,
      id: 42,
    });
    expect(recent.of('key4', 'row4')).toEqual({kind: 'none'});
  });

  it('count by the longest settle time in force, of then or of now', () => {
    const entries: [number, Entry][] = [
      [0, open],
      [100, intent(2)],
      [200, done(2, 'created')],
    ];
    expect(collect(entries).recent.of('key2', 'row2')).toEqual({kind: 'none'});
    expect(collect(entries, 60_000).recent.of('key2', 'row2')).toEqual({kind: 'same'});
    const longer: [number, Entry] = [50, {k: 'settle', ms: 90_000}];
    expect(
      collect([entries[0] as [number, Entry], longer, ...entries.slice(1)]).recent.of('key2', 'x'),
    ).toEqual({
      kind: 'other',
      outcome: 'created',
      untilMs: 50_200,
    });
  });

  it('are none where the API refused them, where nothing was sent, and where two readings showed nothing', () => {
    const {recent} = collect([
      [0, open],
      ...[2, 3, 4, 5].map((r): [number, Entry] => [30_000, intent(r)]),
      [30_001, done(2, 'failed')],
      [30_001, {k: 'unsent', r: 3, a: 1, why: 'held_back'}],
      [30_001, {k: 'refused', r: 4, a: 1, st: 429}],
      [30_001, {k: 'not_applied', r: 5, a: 1}],
    ]);
    for (const r of [2, 3, 4, 5]) expect(recent.of(`key${r}`, `row${r}`)).toEqual({kind: 'none'});
  });

  it('stay in doubt however old they are', () => {
    const {recent} = collect([
      [0, open],
      [1, intent(2)],
      [2, {k: 'doubt', r: 2, a: 1, why: 'timeout'}],
    ]);
    expect(recent.of('key2', 'row2')).toEqual({kind: 'in_doubt', run: 'R', folder: '/runs/R'});
  });

  it('tell the id that was read later', () => {
    const {recent} = collect([
      [0, open],
      [30_000, intent(2)],
      [30_100, done(2, 'created')],
      [30_200, {k: 'named', r: 2, id: 91}],
    ]);
    expect(recent.of('key2', 'row2')).toEqual({kind: 'same', id: 91});
  });

  it('of a removal are the ids that are gone, and what was made since counts', () => {
    const removed: [number, Entry][] = [
      [0, open],
      [30_000, intent(2)],
      [30_001, done(2, 'created', 41)],
      [30_002, {k: 'intent', r: 2, a: 1, q: 'q', key: 'key2', row: ''}],
      [30_003, done(2, 'removed', 41)],
    ];
    expect(collect(removed).recent.of('key2', 'row2')).toEqual({kind: 'removed', ids: new Set([41])});
    const again: [number, Entry][] = [
      [30_004, intent(2)],
      [30_005, done(2, 'created', 55)],
    ];
    expect(collect([...removed, ...again]).recent.of('key2', 'row2')).toEqual({kind: 'same', id: 55});
  });

  const unknown: [string, Entry, Entry, number][] = [
    ['another key of hashes', {...open, keyId: 'cd34'}, intent(2), 25_000],
    ['no hashes, as of an earlier version', {k: 'open', pid: 7}, intent(2), 115_000],
    ['an intent without a key', open, {k: 'intent', r: 2, a: 1, q: 'q'}, 25_000],
  ];

  it.each(unknown)('are unknown with %s', (_what, first, second, left) => {
    const {recent, unknownMs} = collect([
      [0, first],
      [35_000, second],
      [35_001, done(2, 'created', 41)],
    ]);
    expect(unknownMs).toBe(left);
    expect(recent.unknownMs).toBe(left);
    expect(recent.of('key2', 'row2')).toEqual({kind: 'none'});
  });

  it('are of the newest run, whatever order the journals are read in', () => {
    const write = {
      key: 'k',
      row: 'new',
      outcome: 'created',
      ageMs: 5,
      leftMs: 10,
      run: 'B',
      folder: '/B',
    } as const;
    const older = {...write, row: 'old', ageMs: 9, run: 'A'};
    for (const writes of [
      [write, older],
      [older, write],
    ]) {
      expect(new RecentWrites(foundAt, writes).of('k', 'new')).toEqual({kind: 'same'});
    }
    const doubt = {...older, outcome: 'in_doubt'} as const;
    expect(new RecentWrites(foundAt, [write, doubt]).of('k', 'new')).toMatchObject({
      kind: 'in_doubt',
      run: 'A',
    });
  });
});

describe('time that has passed', () => {
  it.each([
    ['by both clocks', {...now, wall: 1_005_000, up: 1_845_000}, 5000],
    ['where the clock was set forward', {...now, wall: 4_600_000, up: 1_845_000}, 5000],
    ['where the clock was set back', {...now, wall: 900_000, up: 1_845_000}, 0],
    ['after another boot', {wall: 1_500_000, boot: 'other', up: 4000}, 500_000],
    ['where the system does not tell its boot', {wall: 1_005_000, boot: '', up: 1}, 5000],
  ])('%s', (_what, later, elapsed) => {
    expect(elapsedSince(now, later)).toBe(elapsed);
  });

  it('does not make a write old by setting the clock', () => {
    const entries: [number, Entry][] = [
      [0, open],
      [39_000, intent(2)],
      [39_500, done(2, 'created', 41)],
    ];
    const set = {...now, wall: now.wall + 3_600_000};
    expect(collect(entries, 1000, set).recent.of('key2', 'x')).toMatchObject({untilMs: 29_500});
  });
});
