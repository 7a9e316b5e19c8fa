import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {applied, counts, csv, fast, openStage, outcomes} from './stage.ts';

const says = (status: number, body: unknown) =>
  ({
    effect: 'none',
    answer: 'status',
    status,
    contentType: 'application/json',
    body: JSON.stringify(body),
  }) as const;
const page = {effect: 'none', answer: 'html-200'} as const;
const command = ['run', 'patronages', 'pairs.csv', '--yes', '--concurrency', '1', ...fast];
const pairs = csv('user_id,godfather_id', '1000,64', '1001,64');

type Lie = [string, Omit<Fault, 'on'>];
const lies: Lie[] = [
  ['a message', says(200, {status: 'maintenance'})],
  ['a page', page],
  ['an error', says(200, {error: 'Forbidden'})],
  ['another record', says(200, {id: 7, login: 'jeanne'})],
];

describe('a success that is none', () => {
  it('of updates: no row is reported as updated that was not', async () => {
    const stage = await openStage();
    const ids = lies.map((_, at) => 1000 + 2 * at);
    lies.forEach(([, lie], at) =>
      stage.sandbox.addFault({...lie, on: {method: 'PUT', path: `users/${ids[at]}`}, times: 1}),
    );
    const rows = ids.flatMap((id) => [`${id},2031`, `${id + 1},2031`]);
    stage.file('users.csv', csv('id,pool_year', ...rows));
    const {code} = await stage.cli(['run', 'users', 'users.csv', '--yes', '--concurrency', '1', ...fast]);
    expect(code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({updated: rows.length}));
    expect(ids.map((id) => stage.sandbox.store.users.get(id)?.pool_year)).toEqual(ids.map(() => '2031'));
    expect(applied(stage.sandbox)).toHaveLength(rows.length);
  });

  it('of removals: no record is reported as removed that is still there', async () => {
    const stage = await openStage();
    const rows = lies.flatMap((_, at) => [`${1000 + 2 * at},64`, `${1001 + 2 * at},64`]);
    stage.file('pairs.csv', csv('user_id,godfather_id', ...rows));
    expect((await stage.cli(command)).code).toBe(0);
    const ids = stage.report().map((row) => row['bulk42_id'] ?? '');
    lies.forEach(([, lie], at) =>
      stage.sandbox.addFault({...lie, on: {method: 'DELETE', path: `patronages/${ids[2 * at]}`}, times: 1}),
    );
    expect((await stage.cli(['undo', 'last', '--yes', '--concurrency', '1', ...fast])).code).toBe(0);
    expect(stage.summary().counts).toEqual(counts({removed: rows.length}));
    expect(stage.sandbox.store.patronages.size).toBe(0);
  });

  it('of a creation that names a record of before: it is not ours, and no undo removes it', async () => {
    const stage = await openStage();
    const pair = {user_id: 1000, godfather_id: 64, ongoing: true, created_at: '', updated_at: ''};
    const {id} = stage.sandbox.store.patronages.insert((id) => ({id, ...pair}));
    stage.sandbox.addFault({on: {method: 'POST'}, times: 1, ...says(201, {id, ...pair})});
    stage.file('pairs.csv', pairs);
    expect((await stage.cli([...command, '--existing', 'send'])).code).toBe(0);
    expect(outcomes(stage.report())).toEqual(['unchanged', 'created']);
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(0);
    expect([...stage.sandbox.store.patronages.values()].map((each) => each.id)).toEqual([id]);
  });
});

it('an id that cannot be true is no baseline: what is created after it is the run’s own', async () => {
  const stage = await openStage();
  const lie = {user_id: 1001, godfather_id: 64, ongoing: true, created_at: '', updated_at: ''};
  const on = {method: 'POST', path: 'patronages'};
  stage.sandbox.addFault({on, nth: 2, ...says(201, {id: 9_000_000_000, ...lie}), effect: 'before'});
  stage.sandbox.addFault({on, nth: 4, effect: 'before', answer: 'reset'});
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64', '1003,64'));
  expect((await stage.cli(command)).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({created: 4}));
});

it('a list that is not sorted as asked is no baseline: what is there may be another client’s', async () => {
  const stage = await openStage({
    faults: [
      {on: {method: 'GET', path: 'patronages'}, times: 1, ...says(200, [{id: 1}, {id: 2}])},
      {on: {method: 'POST', path: 'patronages'}, times: 1, effect: 'none', answer: 'reset'},
    ],
  });
  const pair = {user_id: 1000, godfather_id: 64, ongoing: true, created_at: '', updated_at: ''};
  const {id} = stage.sandbox.store.patronages.insert((id) => ({id, ...pair}));
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64'));
  expect((await stage.cli([...command, '--existing', 'send'])).code).toBe(21);
  await stage.cli(['undo', 'last', '--yes', ...fast]);
  expect([...stage.sandbox.store.patronages.values()].map((each) => each.id)).toEqual([id]);
});
