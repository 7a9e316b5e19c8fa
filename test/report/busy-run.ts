import type {Entry} from '../../src/journal/entry.ts';
import {noCounts} from '../../src/outcome.ts';
import type {Recording} from './recorded-run.ts';

const hour = 3_600_000;
const rows = 3000;

/**
 * A morning's work: 3,000 pairs at the API's limits, which takes until the third hour, with some of every trouble.
 */
export function busyRun(): Pick<Recording, 'lines' | 'entries'> {
  return {lines: lines(), entries: entries()};
}

const names = [
  'amartin',
  'bdupont',
  'cleroy',
  'dmoreau',
  'esimon',
  'flaurent',
  'glefebvr',
  'hgarcia',
  'iroux',
];

function* lines(): Generator<string> {
  yield 'user_id,godfather_id';
  for (let row = 0; row < rows; row++) {
    yield `${names[row % 9] ?? ''}${row},${names[(row * 7 + 3) % 9] ?? ''}${(row * 37) % rows}`;
  }
}

const refusals = [
  {code: 'unknown_user', msg: 'the API knows no user with this login: …'},
  {code: 'taken', msg: 'user_id has already been taken', st: 422},
  {code: 'taken', msg: 'user_id has already been taken', st: 422},
  {code: 'rejected', msg: 'godfather_id must be in the same cursus', st: 422},
  {code: 'not_found', msg: 'unknown to the API, or not visible to this application', st: 404},
];

function* entries(): Generator<readonly [number, Entry]> {
  const n = noCounts();
  yield [0, {k: 'open', pid: 4242}];
  yield [0, {k: 'spent', n: 92, x: 0}];
  yield [0, {k: 'limits', perSecond: 2, perHour: 1200}];
  let sent = 92;
  let time = 0;
  for (let row = 0; row < rows; row++) {
    const r = row + 2;
    if (row % 700 === 13) {
      n.invalid++;
      yield [time, {k: 'invalid', r, code: 'same_value', msg: 'user_id and godfather_id are the same'}];
      continue;
    }
    if (row % 16 === 5) {
      n.unchanged++;
      yield [time, {k: 'unchanged', r, id: 90_000 + row}];
      continue;
    }
    // The hour is used up: on with the next full one.
    if (sent === 1200) [time, sent] = [Math.ceil((time + 50 * 60_000) / hour) * hour - 50 * 60_000 + 2000, 0];
    sent++;
    time += 510 + (row % 40 === 0 ? 400 : 0);
    yield [time, {k: 'intent', r, a: 1, q: `q${row}`, fresh: true}];
    const doubt = [812, 1407, 1408].indexOf(row);
    const refusal = row % 150 === 77 ? refusals[Math.floor(row / 150) % refusals.length] : undefined;
    if (doubt >= 0) {
      n.in_doubt++;
      const why = doubt === 0 ? 'undecided' : 'timeout';
      const msg = doubt === 0 ? '2 records with this key were created since' : undefined;
      yield [time + 300, {k: 'doubt', r, a: 1, why, ...(msg && {msg})}];
    } else if (refusal) {
      n.failed++;
      yield [time + 180, {k: 'done', r, a: 1, o: 'failed', via: 'answer', ...refusal}];
    } else {
      n.created++;
      yield [time + 180, {k: 'done', r, a: 1, o: 'created', st: 201, id: 120_000 + row, via: 'answer'}];
    }
  }
  yield [time + 400, {k: 'limits', perSecond: 2, perHour: 1200}];
  yield [time + 400, {k: 'complete', code: 21, n}];
}
