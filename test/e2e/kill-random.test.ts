import {expect, it} from 'vitest';
import {expectRandomSurvival} from '../helpers/harness/random-kills.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';

it('survives 60 kills at random moments while a tenth of its requests goes wrong', async () => {
  const {stage} = await expectRandomSurvival({
    scenario: scenarios.listable,
    kills: 60,
    rows: 140,
    seed: 20_261_123,
  });
  expect(stage.sandbox.store.patronages.size).toBe(140);
});
