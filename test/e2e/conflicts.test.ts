import {expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {applied, counts, csv, fast, openStage, type Stage, writes} from './stage.ts';

/** No settling time passes in these tests: an answered conflict has nothing to wait for. */
const pace = ['--yes', '--concurrency', '1', '--per-second', '1000', '--settle', '600'];

const conflict = (on: Fault['on'], more: Partial<Fault> = {}): Fault => ({
  on: on ?? {},
  effect: 'none',
  answer: '409',
  ...more,
});
const toUser = (id: number) => ({method: 'PUT', path: `users/${id}`});
const pairOf = (id: number) => ({
  method: 'POST',
  path: 'patronages',
  body: (body: unknown) => JSON.stringify(body).includes(String(id)),
});

async function openWith(...faults: Fault[]): Promise<Stage> {
  const stage = await openStage({faults});
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '1000,64', '1001,64'));
  stage.file('users.csv', csv('id,pool_year', '46,2031', '1000,2031', '1001,2031', '1002,2031'));
  return stage;
}

it('a creation that meets a conflict is read back once: failed, unless the record is there', async () => {
  const stage = await openWith(conflict(pairOf(1000)), conflict(pairOf(1001), {effect: 'before'}));
  const {code, stderr} = await stage.cli(['run', 'patronages', 'pairs.csv', ...pace]);
  expect({code, stderr: code === 20 ? '' : stderr}).toEqual({code: 20, stderr: ''});
  const [, refused, own] = stage.report();
  expect(refused).toMatchObject({
    bulk42_outcome: 'failed',
    bulk42_status: '409',
    bulk42_code: 'conflict',
    bulk42_attempts: '1',
    bulk42_id: '',
  });
  // It says that it did not make it, so that no undo may remove it.
  expect(own).toMatchObject({
    bulk42_outcome: 'unchanged',
    bulk42_code: '',
    bulk42_attempts: '1',
  });
  expect(own?.['bulk42_id']).toBe(String(applied(stage.sandbox).at(-1)?.applied?.id));
  expect(writes(stage.sandbox)).toHaveLength(3);
  expect(applied(stage.sandbox)).toHaveLength(2);
});

it('an update that meets a conflict is read, tried once more, and then failed', async () => {
  const stage = await openWith(
    conflict(toUser(1000), {times: 1}),
    conflict(toUser(1001)),
    conflict(toUser(1002), {effect: 'before'}),
  );
  expect((await stage.cli(['run', 'users', 'users.csv', ...pace])).code).toBe(20);
  const brief = stage
    .report()
    .map((row) => [row['bulk42_outcome'], row['bulk42_via'], row['bulk42_attempts'], row['bulk42_code']]);
  expect(brief).toEqual([
    ['updated', 'answer', '1', ''],
    ['updated', 'answer', '2', ''],
    ['failed', 'readback', '2', 'conflict'],
    ['updated', 'readback', '1', ''],
  ]);
  const sent = (id: number) => writes(stage.sandbox).filter(({path}) => path === `/v2/users/${id}`).length;
  expect([46, 1000, 1001, 1002].map(sent)).toEqual([1, 2, 2, 1]);
});

it('a conflict is a refusal where nothing can be read', async () => {
  const stage = await openWith(conflict(pairOf(1000)));
  scenarios.blind.prepare(stage.folder);
  expect((await stage.cli(['run', scenarios.blind.job, 'pairs.csv', ...pace])).code).toBe(20);
  expect(stage.summary().counts).toEqual(counts({created: 2, failed: 1}));
  expect(stage.report()[1]).toMatchObject({bulk42_outcome: 'failed', bulk42_code: 'conflict'});
});

it.each([
  ['was its own doing', 'before', {bulk42_outcome: 'created', bulk42_via: 'readback', bulk42_code: ''}],
  ['was not', 'none', {bulk42_outcome: 'failed', bulk42_via: 'readback', bulk42_code: 'taken'}],
] as const)('"already taken" at a second attempt is read back: it %s', async (_what, effect, expected) => {
  const taken = JSON.stringify({errors: {godfather_id: ['has already been taken']}});
  const more = {status: 422, contentType: 'application/json', body: taken, effect};
  const stage = await openWith(
    {on: pairOf(1000), nth: 1, effect: 'none', answer: '504'},
    {on: pairOf(1000), nth: 2, answer: 'status', ...more},
  );
  const {code} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
  expect(code).toBe(effect === 'before' ? 0 : 20);
  expect(stage.report()[1]).toMatchObject({...expected, bulk42_attempts: '2', bulk42_status: '422'});
  expect(applied(stage.sandbox)).toHaveLength(effect === 'before' ? 3 : 2);
});
