import {describe, expect, it} from 'vitest';
import type {Failpoint} from '../helpers/harness/failpoint.ts';
import {expectUndoSurvives} from '../helpers/harness/killed-undo.ts';
import {sending} from '../helpers/harness/kill-points.ts';
import {generator, expectRandomSurvival} from '../helpers/harness/random-kills.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied, csv, openStage} from '../e2e/stage.ts';

/** Another one each day, and the same one all day long: a failure can be looked at. */
const seed = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
const {unique, listable, named, update, adding} = scenarios;

describe('a thousand kills', () => {
  it.each([
    ['creations that a list shows', listable, 'POST'],
    ['creations that the server takes once', unique, 'POST'],
    ['updates', update, 'PUT'],
    ['updates that add records', adding, 'PUT'],
  ])('250 over %s: nothing twice, nothing lost', async (_what, scenario, method) => {
    await expectRandomSurvival({scenario, method, kills: 200, rows: 450, seed});
  });

  it.each([
    ['by login', named, 'POST'],
    ['of updates that add records', adding, 'PUT'],
  ])(
    '100 over rows %s, from folder to folder, while readings lag behind',
    async (_what, scenario, method) => {
      const sandbox = {readLagMs: 150};
      await expectRandomSurvival({scenario, method, kills: 100, rows: 240, seed, sandbox, isMoving: true});
    },
  );

  it('on ever longer ways, into the settling and the reports', async () => {
    await expectRandomSurvival({scenario: listable, kills: 60, rows: 800, seed: seed + 1, reach: 160});
  });
});

describe('a recovery that is killed again', () => {
  it.each([
    ['creations', listable],
    ['updates that add records', adding],
  ])('%s: five times after every point', async (_what, scenario) => {
    const random = generator(seed);
    const again = (): Failpoint => ({at: 'any', from: 'open:journal', nth: 1 + Math.floor(random() * 12)});
    const rows = 700;
    const trial = await openTrial(scenario, {rows, sandbox: {latencyMs: 5}});
    for (const point of sending) {
      // What the point needs may be gone: the kills before it have gone on with the run.
      if (point.at.startsWith('truncate:')) await trial.kill({at: 'write:done', act: 'torn', nth: 2});
      if (point.at.endsWith(':check')) await trial.kill({at: 'sent:write', nth: 1});
      await trial.kill(point);
      for (let times = 0; times < 5; times++) await trial.kill(again());
    }
    expect((await trial.end(0)).duplicates).toBe(0);
    expect(applied(trial.stage.sandbox)).toHaveLength(rows);
  });
});

it('an undo that is killed at random removes everything that the run created, and nothing else', async () => {
  const rows = 120;
  const stage = await openStage({users: 600, latencyMs: 5});
  stage.file(
    'pairs.csv',
    csv('user_id,godfather_id', ...Array.from({length: rows}, (_, at) => `${1000 + at},64`)),
  );
  const pace = ['--yes', '--per-second', '1000', '--settle', '0.3', '--concurrency', '3'];
  const before = [...stage.sandbox.store.patronages.keys()];
  expect((await stage.cli(['run', 'patronages', 'pairs.csv', ...pace])).code).toBe(0);
  const [run = ''] = stage.runs();
  const kills = await expectUndoSurvives(stage, {run, rows, seed, reach: 60, pace});
  expect(kills).toBeGreaterThan(20);
  expect([...stage.sandbox.store.patronages.keys()]).toEqual(before);
});
