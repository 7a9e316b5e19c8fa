import {describe, expect, it} from 'vitest';
import type {Failpoint} from '../helpers/harness/failpoint.ts';
import {sending} from '../helpers/harness/kill-points.ts';
import {generator, expectRandomSurvival} from '../helpers/harness/random-kills.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from '../e2e/stage.ts';

/** Another one each day, and the same one all day long: a failure can be looked at. */
const seed = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
const {unique, listable, update, adding} = scenarios;

describe('a thousand kills', () => {
  it.each([
    ['creations that a list shows', listable, 'POST'],
    ['creations that the server takes once', unique, 'POST'],
    ['updates', update, 'PUT'],
    ['updates that add records', adding, 'PUT'],
  ])('250 over %s: nothing twice, nothing lost', async (_what, scenario, method) => {
    await expectRandomSurvival({scenario, method, kills: 250, rows: 560, seed});
  });

  it('on ever longer ways, into the settling and the reports', async () => {
    await expectRandomSurvival({scenario: listable, kills: 60, rows: 400, seed: seed + 1, reach: 160});
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
