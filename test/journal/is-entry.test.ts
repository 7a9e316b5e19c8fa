import {describe, expect, it} from 'vitest';
import {InputError} from '../../src/errors.ts';
import {decodeEntry, encodeEntry} from '../../src/journal/encode-entry.ts';
import type {HeaderEntry, StampedEntry} from '../../src/journal/entry.ts';

const stamp = {s: 4, b: 3, t: 1_800_000_000_000};
const header: HeaderEntry = {
  k: 'header',
  v: 1,
  run: '20261123T084200Z-closes',
  tool: '0.1.0',
  job: 'closes',
  jobHash: 'ab12',
  input: {path: '/srv/closes.csv', sha256: 'cd34', bytes: 81, rows: 3},
  baseUrl: 'https://api.intra.42.fr',
  client: '1a2b3c4d',
  shape: {map: {}, set: {kind: 'other'}, timezone: 'UTC', ignoreUnknown: false, each: {user_id: ['1', '2']}},
  existing: 'skip',
  onInvalid: 'abort',
};
/** The line of an entry whose checksum is right, as anyone can make it. */
const read = (entry: object) =>
  decodeEntry(Buffer.from(encodeEntry({...stamp, ...entry} as StampedEntry).trimEnd()));

it.each<object>([
  header,
  {
    ...header,
    parent: {run: 'x', firstFile: {path: 'x.csv', sha256: 'ef', columns: ['user_id']}},
    undoOf: 'y',
  },
  {k: 'open', pid: 7, settleMs: 120_000, keyId: 'k', at: {boot: 'b', up: 12}},
  {
    k: 'intent',
    r: 2,
    a: 1,
    q: 'id',
    key: 'k',
    row: 'r',
    fresh: true,
    ids: {user_id: 7},
    nested: {'cursus_users.0': 9},
  },
  {k: 'done', r: 2, o: 'created', st: 201, id: 77, f: {login: 'jeanne'}, via: 'answer'},
  {k: 'limits', perSecond: Infinity, perHour: 1200},
])('what the program writes is read: %j', (entry) => {
  expect(read(entry)).toMatchObject(JSON.parse(JSON.stringify(entry)) as object);
});

describe('what it does not write is refused, though its checksum is right', () => {
  it.each<object>([
    {...header, v: 2},
    {...header, job: {toString: null}},
    {...header, baseUrl: null},
    {...header, input: undefined},
    {...header, input: {...header.input, rows: '3'}},
    {...header, shape: null},
    {...header, shape: {...header.shape, map: {user_id: 7}}},
    {...header, parent: {run: 5}},
    {k: 'done', r: 2, o: 'failed', code: {toString: null}, msg: 'x'},
    {k: 'done', r: 2, o: '__proto__'},
    {k: 'done', r: -2, o: 'created'},
    {k: 'intent', r: '2', a: 1, q: 'id'},
    {k: 'settle', ms: 'long'},
    {k: 'complete', code: 0, n: {created: 3}},
    {k: 'of a later version', r: 2},
    {k: 'constructor'},
    {t: 'now', k: 'spent', n: 1, x: 0},
  ])('%j', (entry) => {
    expect(() => read(entry)).toThrow(InputError);
  });
});
