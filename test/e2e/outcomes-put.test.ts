import {expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {applied, counts, csv, fast, openStage, type Row, runInOrder, type Stage, writes} from './stage.ts';

type Strike = Omit<Fault, 'on' | 'times'>;

const json = 'application/json';
const doubtful: Strike[] = [
  {answer: '422-html', effect: 'none'},
  {answer: '500', effect: 'none'},
  {answer: '502', effect: 'none'},
  {answer: '503', effect: 'none'},
  {answer: '504', effect: 'none'},
  {answer: '408', effect: 'none'},
  {answer: 'reset', effect: 'none'},
  {answer: 'fin', effect: 'none'},
  {answer: 'hang', effect: 'none'},
  {answer: 'truncated', effect: 'none'},
  {answer: 'status', status: 202, contentType: json, body: '{"id": 7}', effect: 'none'},
];
const refusals: [Strike, Row][] = [
  [
    {
      answer: 'status',
      status: 422,
      contentType: json,
      body: '{"errors":["Pool year is odd"]}',
      effect: 'none',
    },
    {bulk42_status: '422', bulk42_code: 'rejected', bulk42_message: 'Pool year is odd'},
  ],
  [
    {answer: '403-role', effect: 'none'},
    {bulk42_status: '403', bulk42_code: 'forbidden'},
  ],
  [
    {answer: '404-empty-object', effect: 'none'},
    {bulk42_status: '404', bulk42_code: 'not_found'},
  ],
  [
    {answer: '404-html', effect: 'none'},
    {bulk42_status: '404', bulk42_code: 'not_found'},
  ],
];

/** One row for each fault with two healthy ones after it, so that the API never looks as if it were down. */
async function strikeRows(
  stage: Stage,
  faults: readonly Strike[],
  header: string,
  cells: string,
): Promise<{code: number | null; struck: Row[]}> {
  const rows = faults.flatMap((_, at) => [0, 1, 2].map((n) => `${1000 + 3 * at + n},${cells}`));
  stage.file('users.csv', csv(header, `46,${cells}`, ...rows));
  faults.forEach((fault, at) => {
    stage.sandbox.addFault({...fault, on: {method: 'PUT', path: `users/${1000 + 3 * at}`}, times: 1});
  });
  const {code} = await stage.cli(runInOrder('users', 'users.csv', '--timeout', '1', ...fast));
  const report = stage.report();
  return {code, struck: faults.map((_, at) => report[1 + 3 * at] ?? {})};
}

const requests = (stage: Stage, entries: typeof writes, id: string | undefined) =>
  entries(stage.sandbox).filter(({path}) => path === `/v2/users/${id}`).length;

const brief = (fault: Strike, row: Row = {}) => [
  `${fault.status ?? fault.answer} ${fault.effect}`,
  row['bulk42_outcome'],
  row['bulk42_via'],
  row['bulk42_attempts'],
];

const both = [...doubtful, ...doubtful.map((fault) => ({...fault, effect: 'before' as const}))];

it('reads an update back, and sends it again only where it was not applied', async () => {
  const stage = await openStage({users: 200});
  const {code, struck} = await strikeRows(stage, both, 'id,pool_year,pool_month', '2031,march');

  expect(both.map((fault, at) => brief(fault, struck[at]))).toEqual([
    ...doubtful.map((fault) => [...brief(fault).slice(0, 1), 'updated', 'answer', '2']),
    ...doubtful.map((fault) => [
      ...brief({...fault, effect: 'before'}).slice(0, 1),
      'updated',
      'readback',
      '1',
    ]),
  ]);
  expect(stage.summary()).toMatchObject({exitCode: 0, counts: counts({updated: 3 * both.length + 1})});
  expect(code).toBe(0);
  for (const {id} of stage.report()) {
    expect(requests(stage, applied, id)).toBe(1);
    expect(stage.sandbox.store.users.get(Number(id))).toMatchObject({pool_year: '2031', pool_month: 'march'});
  }
});

it('adds a nested record exactly once, whatever became of the answer', async () => {
  const stage = await openStage({users: 200});
  const header = 'id,cursus_users.0.cursus_id,cursus_users.0.begin_at';
  const {code} = await strikeRows(stage, both, header, '9,2027-02-01');

  expect(code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({updated: 3 * both.length + 1}));
  for (const {id} of stage.report()) {
    expect(stage.sandbox.store.cursusUsers.by('user_id', Number(id))).toHaveLength(1);
    expect(requests(stage, applied, id)).toBe(1);
  }
});

it('sends again what no reading can show: setting the same values twice does no harm', async () => {
  const stage = await openStage({users: 200});
  const faults = both.filter(({answer}) => answer === '500' || answer === 'reset');
  const {code, struck} = await strikeRows(stage, faults, 'id,password', 'Tr4veller-Owl!');

  expect(code).toBe(0);
  expect(struck.map((row) => [row['bulk42_outcome'], row['bulk42_via'], row['bulk42_attempts']])).toEqual(
    faults.map(() => ['updated', 'answer', '2']),
  );
  expect(
    [...stage.sandbox.store.users.values()].filter(({password}) => password === 'Tr4veller-Owl!'),
  ).toHaveLength(3 * faults.length + 1);
});

it('takes a refusal for a refusal: failed, never applied, sent once', async () => {
  const stage = await openStage({users: 200});
  const faults = refusals.map(([fault]) => fault);
  const {code, struck} = await strikeRows(stage, faults, 'id,pool_year', '2031');

  expect(code).toBe(20);
  refusals.forEach(([, row], at) => {
    expect(struck[at]).toMatchObject({
      bulk42_outcome: 'failed',
      bulk42_attempts: '1',
      bulk42_via: 'answer',
      ...row,
    });
  });
  expect(stage.summary()).toMatchObject({
    exitCode: 20,
    counts: counts({updated: 2 * faults.length + 1, failed: faults.length}),
  });
  for (const row of stage.report()) {
    expect(requests(stage, applied, row['id'])).toBe(row['bulk42_outcome'] === 'updated' ? 1 : 0);
  }
});
