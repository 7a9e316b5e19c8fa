import {expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {applied, counts, csv, fast, openStage, type Row, runInOrder, type Stage, writes} from './stage.ts';

type Strike = Omit<Fault, 'on' | 'times'>;
interface Case {
  fault: Strike;
  expected: Row;
}

const again = {bulk42_outcome: 'created', bulk42_via: 'answer', bulk42_attempts: '2'};
const readBack = {bulk42_outcome: 'created', bulk42_via: 'readback', bulk42_attempts: '1'};
const believed = {bulk42_outcome: 'created', bulk42_via: 'answer', bulk42_attempts: '1'};
const html = 'text/html; charset=utf-8';
const json = 'application/json';

/** Each was sent, and its result is unknown: sent again only where a reading shows that it was not applied. */
const doubtful: Strike[] = [
  {answer: '422-html', effect: 'none'},
  {answer: '500', effect: 'none'},
  {answer: '500-html', effect: 'none'},
  {answer: '502', effect: 'none'},
  {answer: '503', effect: 'none'},
  {answer: '504', effect: 'none'},
  {answer: '408', effect: 'none'},
  {answer: 'reset', effect: 'none'},
  {answer: 'fin', effect: 'none'},
  {answer: 'hang', effect: 'none'},
  {answer: 'html-200', effect: 'none'},
  {answer: 'status', status: 202, contentType: json, body: '{"id": 7}', effect: 'none'},
  {answer: 'status', status: 409, contentType: html, body: '<p>conflict</p>', effect: 'none'},
  {answer: 'status', status: 520, effect: 'none'},
];

const settled: Case[] = [
  ...doubtful.map((fault) => ({fault, expected: again})),
  ...doubtful.map((fault) => ({fault: {...fault, effect: 'before' as const}, expected: readBack})),
  {fault: {answer: 'truncated', effect: 'before'}, expected: believed},
  {fault: {answer: 'empty-201', effect: 'before'}, expected: believed},
  {fault: {answer: 'bad-json', effect: 'before'}, expected: believed},
  {fault: {answer: '429', retryAfter: '1', effect: 'none'}, expected: again},
  {fault: {answer: '429', retryAfter: null, effect: 'none'}, expected: again},
  {fault: {answer: '401', effect: 'none'}, expected: again},
  {fault: {answer: 'status', status: 421, effect: 'none'}, expected: again},
];

const refused: Case[] = [
  {
    fault: {
      answer: 'status',
      status: 422,
      contentType: json,
      body: '{"errors":{"godfather":["must exist"]}}',
      effect: 'none',
    },
    expected: {bulk42_status: '422', bulk42_code: 'rejected', bulk42_message: 'godfather must exist'},
  },
  {fault: {answer: '403-role', effect: 'none'}, expected: {bulk42_status: '403', bulk42_code: 'forbidden'}},
  {
    fault: {answer: '404-empty-object', effect: 'none'},
    expected: {bulk42_status: '404', bulk42_code: 'not_found'},
  },
  {fault: {answer: '404-html', effect: 'none'}, expected: {bulk42_status: '404', bulk42_code: 'not_found'}},
  {
    fault: {
      answer: 'status',
      status: 400,
      contentType: json,
      body: '{"error":"Bad Request"}',
      effect: 'none',
    },
    expected: {bulk42_status: '400', bulk42_code: 'http_400'},
  },
  {
    fault: {
      answer: 'status',
      status: 422,
      contentType: json,
      body: '{"errors":["Pair has already been taken"]}',
      effect: 'none',
    },
    expected: {bulk42_status: '422', bulk42_code: 'taken', bulk42_via: 'readback'},
  },
];

const name = ({answer, status, effect}: Strike) => `${status ?? answer} ${effect}`;

/** One row for each case with two healthy ones after it, so that the API never looks as if it were down. */
async function strikeRows(
  stage: Stage,
  cases: readonly Case[],
): Promise<{code: number | null; struck: Row[]}> {
  const rows = cases.flatMap((_, at) => [0, 1, 2].map((n) => `${1000 + 3 * at + n},64`));
  stage.file('pairs.csv', csv('user_id,godfather_id', `46,64`, ...rows));
  cases.forEach(({fault}, at) => {
    const isStruck = (body: unknown) =>
      (body as {patronage?: {user_id?: number}} | undefined)?.patronage?.user_id === 1000 + 3 * at;
    stage.sandbox.addFault({...fault, on: {method: 'POST', path: 'patronages', body: isStruck}, times: 1});
  });
  const {code} = await stage.cli(runInOrder('patronages', 'pairs.csv', '--timeout', '1', ...fast));
  const report = stage.report();
  return {code, struck: cases.map((_, at) => report[1 + 3 * at] ?? {})};
}

const appliedTo = (stage: Stage, user: string | undefined) =>
  applied(stage.sandbox).filter(
    ({body}) => String((body as {patronage: {user_id: number}}).patronage.user_id) === user,
  ).length;

it('settles every answer that proves nothing, and applies each row exactly once', async () => {
  const stage = await openStage({users: 200});
  const {code, struck} = await strikeRows(stage, settled);

  expect(settled.map(({fault, expected}, at) => [name(fault), pick(struck[at], expected)])).toEqual(
    settled.map(({fault, expected}) => [name(fault), expected]),
  );
  expect(stage.summary()).toMatchObject({exitCode: 0, counts: counts({created: 3 * settled.length + 1})});
  expect(code).toBe(0);
  for (const row of stage.report()) {
    expect(appliedTo(stage, row['user_id'])).toBe(1);
    expect(row['bulk42_id']).toMatch(/^\d+$/);
  }
  expect(stage.summary().requests).toMatchObject({
    total: stage.sandbox.ledger.length,
    writes: writes(stage.sandbox).length,
    refused: 2,
  });
});

it('takes a refusal for a refusal: failed, never applied, sent once', async () => {
  const stage = await openStage({users: 200});
  const {code, struck} = await strikeRows(stage, refused);

  const failed = {bulk42_outcome: 'failed', bulk42_via: 'answer', bulk42_attempts: '1', bulk42_id: ''};
  expect(
    refused.map(({fault, expected}, at) => [name(fault), pick(struck[at], {...failed, ...expected})]),
  ).toEqual(refused.map(({fault, expected}) => [name(fault), {...failed, ...expected}]));
  expect(stage.summary()).toMatchObject({
    exitCode: 20,
    counts: counts({created: 2 * refused.length + 1, failed: refused.length}),
  });
  expect(code).toBe(20);
  for (const row of stage.report()) {
    expect(appliedTo(stage, row['user_id'])).toBe(row['bulk42_outcome'] === 'created' ? 1 : 0);
  }
});

it.each(['504', 'reset', 'hang'] as const)(
  'waits for what a server applies after its client is gone (%s)',
  async (answer) => {
    const stage = await openStage({
      faults: [{on: {method: 'POST', path: 'patronages'}, nth: 2, effect: 'late', lateMs: 700, answer}],
    });
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1,64'));
    const {code} = await stage.cli([
      'run',
      'patronages',
      'pairs.csv',
      '--yes',
      '--timeout',
      '0.3',
      '--per-second',
      '1000',
      '--settle',
      '2',
    ]);
    expect(code).toBe(0);
    expect(stage.report()[1]).toMatchObject(readBack);
    expect(stage.sandbox.store.patronages.size).toBe(2);
  },
);

function pick(row: Row = {}, like: Row): Row {
  return Object.fromEntries(Object.keys(like).map((key) => [key, row[key] ?? 'no such column']));
}
