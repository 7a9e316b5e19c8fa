import {describe, expect, it} from 'vitest';
import {listJobs} from '../../src/job/load-jobs.ts';
import type {Fault} from '../../src/sandbox/faults.ts';
import {changedRows, jobScenarios} from '../helpers/harness/job-scenarios.ts';
import {applied, counts, csv, fast, openStage, outcomes, writes} from './stage.ts';

/** Answers that do not tell whether a write was applied. Each job meets some of them, all jobs together each one. */
const lost: Pick<Fault, 'answer' | 'status' | 'contentType' | 'body'>[] = [
  {answer: '500'},
  {answer: '502'},
  {answer: 'reset'},
  {answer: '504'},
  {answer: 'fin'},
  {answer: '503'},
  {answer: '500-html'},
  {answer: '408'},
  {answer: 'html-200'},
  {answer: 'status', status: 520},
  {answer: 'status', status: 409, contentType: 'text/html', body: '<p>conflict</p>'},
  {answer: '422-html'},
];

/** Removals that are no plain DELETE of an id are made by an undo, the others by their file. The nightly tests do both. */
const hasOwnRemoval = new Set(['cursus-users', 'closes', 'exams-users', 'coalition-scores']);

it('every job that creates records takes part', async () => {
  const updates = ['user-candidatures', 'users'];
  expect([...jobScenarios.map(({job}) => job), ...updates].toSorted()).toEqual(await listJobs());
});

describe.each(jobScenarios.map((scenario, at) => ({...scenario, at})))('$job', (scenario) => {
  const {job, at, blind, change, canUndo} = scenario;
  const rows = 15;
  const pace = ['--yes', '--concurrency', '1', '--timeout', '2', ...fast];

  it('creates each row once though answers get lost, finds it, changes it, and removes it', async () => {
    const stage = await openStage({users: 500});
    const {sandbox} = stage;
    scenario.seed?.(sandbox.store, rows);
    stage.file('rows.csv', scenario.csv(rows));
    // Every third row is struck, so that the API never looks as if it were down.
    const strike = (on: NonNullable<Fault['on']>, from: number) => {
      [0, 1, 2, 3, 4].forEach((n) => {
        const kind = lost[(5 * at + from + n) % lost.length] as (typeof lost)[number];
        sandbox.addFault({...kind, on, nth: 1 + 3 * n, effect: n % 2 === 0 ? 'before' : 'none'});
      });
    };
    const changedPaths = (method: string) =>
      new Set(applied(sandbox).flatMap((each) => (each.method === method ? [each.path] : []))).size;
    strike({body: (parsed: unknown) => parsed !== undefined}, 0);
    const first = await stage.cli(['run', job, 'rows.csv', ...pace]);
    if (blind) {
      // What nothing shows stays in doubt, and is never sent again.
      expect([first.code, writes(sandbox).length]).toEqual([21, rows]);
      expect(stage.summary().counts).toEqual(counts({created: rows - 5, in_doubt: 5}));
      return;
    }
    expect([first.code, first.stderr]).toEqual([0, expect.any(String)]);
    expect(stage.summary().counts).toEqual(counts({created: rows}));
    expect(applied(sandbox)).toHaveLength(rows);
    const sent = writes(sandbox).length;

    const again = await stage.cli(['run', job, 'rows.csv', ...pace]);
    expect([again.code, writes(sandbox).length]).toEqual([0, sent]);
    expect(stage.summary().counts).toEqual(counts({unchanged: rows}));

    if (change) {
      stage.file('changed.csv', changedRows(scenario, rows));
      strike({method: 'PUT'}, 5);
      const updated = await stage.cli(['run', job, 'changed.csv', '--existing', 'update', ...pace]);
      expect([updated.code, updated.stderr]).toEqual([0, expect.any(String)]);
      expect([stage.summary().counts, changedPaths('PUT')]).toEqual([counts({updated: rows}), rows]);
    }

    if (!canUndo) return;
    const removing = job === 'closes' ? 'PUT' : 'DELETE';
    strike({method: removing}, 10);
    const removal = hasOwnRemoval.has(job) ? ['undo', stage.runs()[0] ?? ''] : ['remove', job, 'rows.csv'];
    const removed = await stage.cli([...removal, ...pace]);
    expect([removed.code, removed.stderr]).toEqual([0, expect.any(String)]);
    expect(stage.summary().counts).toEqual(counts({removed: rows}));
    expect(changedPaths(removing)).toBe(rows);
  });
});

it('items that do not say whose they are prove nothing: what exists is not taken for absent', async () => {
  const stage = await openStage({links: 'bare'});
  stage.file('rows.csv', csv('event_id,user_id', '80,1000'));
  const run = () => stage.cli(['run', 'events-users', 'rows.csv', '--yes', ...fast]);
  expect((await run()).code).toBe(0);
  const again = await run();
  expect([again.code, again.stderr]).toEqual([
    77,
    expect.stringContaining('which records of events-users exist'),
  ]);
  expect(applied(stage.sandbox)).toHaveLength(1);
});

it('the sum of an award is shown before it is given', async () => {
  const stage = await openStage();
  stage.file(
    'points.csv',
    csv('user_id,amount,reason', 'jeanne,1000,Rush', 'jeanne,240,Exam', 'gargamel,-2,Absent'),
  );
  const {stdout} = await stage.cli(['plan', 'correction-points', 'points.csv', '--per-second', '1000']);
  expect(stdout).toContain('1,240 correction points given and 2 correction points taken, 2 users');
});

it('a second award for another reason is given, one of another amount for the same reason is not', async () => {
  const stage = await openStage();
  const give = async (...given: string[]) => {
    stage.file('points.csv', csv('user_id,amount,reason', ...given));
    const {code} = await stage.cli(['run', 'correction-points', 'points.csv', '--yes', ...fast]);
    return [code, ...outcomes(stage.report())];
  };
  expect(await give('jeanne,3,Rush', 'gargamel,2,Rush')).toEqual([0, 'created', 'created']);
  expect(await give('jeanne,3,Rush', 'gargamel,5,Rush', 'jeanne,1,Exam')).toEqual([
    20,
    'unchanged',
    'failed',
    'created',
  ]);
  expect(stage.report()[1]).toMatchObject({
    bulk42_code: 'exists_different',
    bulk42_message: expect.stringContaining('amount') as string,
  });
});

it('points for one who is in no such coalition are refused, and the others given', async () => {
  const stage = await openStage();
  const member = {coalition_id: 45, user_id: 3, created_at: '', updated_at: ''};
  stage.sandbox.store.tables.coalitions_users.set(88, {id: 88, ...member});
  stage.file(
    'scores.csv',
    csv('coalition_id,user_id,value,reason', '45,gargamel,7,Quiz', '45,jeanne,7,Quiz'),
  );
  const {code} = await stage.cli(['run', 'coalition-scores', 'scores.csv', '--yes', ...fast]);
  expect([code, ...outcomes(stage.report())]).toEqual([20, 'created', 'failed']);
  expect(stage.report()[1]).toMatchObject({bulk42_code: 'not_found'});
  const [score] = stage.sandbox.store.tables.scores.values();
  expect(score).toMatchObject({coalitions_user_id: 88, value: 7});
});
