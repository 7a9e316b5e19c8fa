import {describe, it} from 'vitest';
import {hasRedis, withRedis} from '../../helpers/redis-server.ts';
import {expectMachinesSurvive} from './kill-machines.ts';

describe.skipIf(!hasRedis)(`two machines and a Redis that die, ${withRedis}`, () => {
  it('8 times: nothing twice, nothing lost, nothing refused', async () => {
    await expectMachinesSurvive(8, 50, 4242);
  });
});
