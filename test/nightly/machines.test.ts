import {describe, it} from 'vitest';
import {hasRedis, withRedis} from '../helpers/redis-server.ts';
import {expectMachinesSurvive} from '../limits/redis/kill-machines.ts';

/** Another one each day, and the same one all day long: a failure can be looked at. */
const seed = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));

describe.skipIf(!hasRedis)(`two machines and a Redis that die, ${withRedis}`, () => {
  it('50 times: nothing twice, nothing lost, nothing refused', async () => {
    await expectMachinesSurvive(50, 400, seed);
  });
});
