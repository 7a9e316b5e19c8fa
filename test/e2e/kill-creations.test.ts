import {describe, it} from 'vitest';
import {
  beginning,
  ending,
  expectSurvival,
  outputs,
  sending,
  settling,
} from '../helpers/harness/kill-points.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';

describe('a run that is killed at every step of its way loses no row, and applies none twice', () => {
  it('where records are listed: from its first file to its last', async () => {
    await expectSurvival(scenarios.listable, [...beginning, ...sending, ...settling, ...ending, ...outputs]);
  });

  it('where the server refuses a second record', async () => {
    await expectSurvival(scenarios.unique, [...sending, ...settling, ...ending]);
  });
});
