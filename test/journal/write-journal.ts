import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {systemClock} from '../../src/clock.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {Journal} from '../../src/journal/journal.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

export const header: Entry = {
  k: 'header',
  v: 1,
  run: '20261123T084200Z-patronages',
  tool: '0.1.0',
  job: 'patronages',
  jobHash: 'ab',
  input: {path: '/tmp/pairs.csv', sha256: 'cd', bytes: 99, rows: 20},
  baseUrl: 'http://127.0.0.1:4242',
  who: {user: 'amartin', host: 'desk-7'},
  client: '12345678',
  shape: {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false},
  existing: 'skip',
  onInvalid: 'abort',
};

/** One flush per batch: what a run of twenty rows writes, with every kind of end. */
const batches: Entry[][] = [
  [header, {k: 'open', pid: 7}],
  [
    {k: 'unchanged', r: 2, id: 11},
    {k: 'invalid', r: 3, code: 'required', msg: 'user_id: is required'},
    {k: 'spent', n: 3, x: 1},
  ],
  ...[4, 5, 6, 7].flatMap((r): Entry[][] => [
    [{k: 'intent', r, a: 1, q: `q${r}`, fresh: true}],
    [{k: 'done', r, a: 1, o: 'created', st: 201, id: 100 + r, via: 'answer'}],
  ]),
  [
    {k: 'intent', r: 8, a: 1, q: 'q8'},
    {k: 'intent', r: 9, a: 1, q: 'q9'},
  ],
  [{k: 'refused', r: 8, a: 1, st: 429}],
  [{k: 'doubt', r: 9, a: 1, why: 'timeout'}],
  [{k: 'intent', r: 8, a: 2, q: 'q8b'}],
  [{k: 'done', r: 8, a: 2, o: 'failed', st: 422, via: 'answer', code: 'rejected', msg: 'ÿ no ✗'}],
  [{k: 'check', r: 9, a: 1, n: 2, res: 'absent'}],
  [{k: 'not_applied', r: 9, a: 1}],
  [
    {
      k: 'stop',
      why: 'signal',
      code: 20,
      n: {
        created: 4,
        updated: 0,
        removed: 0,
        unchanged: 1,
        invalid: 1,
        failed: 1,
        in_doubt: 0,
        not_started: 13,
      },
    },
  ],
];

/** Writes the batches, each flushed before the next, and gives the file and its lines. */
export async function writeJournal(
  folder = temporaryFolder(),
): Promise<{path: string; bytes: Buffer; lines: string[]}> {
  const path = join(folder, 'journal.ndjson');
  const journal = await Journal.create(path, systemClock, () => undefined);
  for (const batch of batches) {
    // Entries of one tick go out together, but for the first, which starts the flush.
    await Promise.all(batch.map((entry) => journal.append(entry)));
  }
  await journal.close();
  const bytes = readFileSync(path);
  return {path, bytes, lines: bytes.toString().split('\n').slice(0, -1)};
}
