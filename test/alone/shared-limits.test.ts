import {describe, expect, it} from 'vitest';
import {writes} from '../e2e/stage.ts';
import {hasRedis, openRedis, withRedis} from '../helpers/redis-server.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';
import {openMachines} from '../limits/redis/machines.ts';

// As in limits.test.ts: a machine that is busy with something else makes requests arrive closer than they left.
describe.skipIf(!hasRedis)(`four machines over one second's limit, ${withRedis}`, () => {
  it(
    'use it up, in no window more than it allows, and share it evenly',
    {retry: 2, timeout: 180_000},
    async () => {
      const perSecond = 20;
      const redis = await openRedis();
      const {sandbox} = await openSandbox({users: 1300, perSecond, perHour: 5000});
      const machines = openMachines(4, sandbox, redis.url);
      machines.forEach((machine, at) => machine.pairs('pairs.csv', 1000 + 300 * at, 300));

      const results = await Promise.all(
        machines.map((each) => each.cli(['run', 'patronages', 'pairs.csv', '--yes'])),
      );

      expect(results.map(({code}) => code)).toEqual([0, 0, 0, 0]);
      expect(sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);
      const arrivals = writes(sandbox).map(({at}) => at);
      expect(arrivals).toHaveLength(1200);
      const windows = arrivals.slice(perSecond).map((at, n) => at - (arrivals[n] ?? 0));
      const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000;
      expect(Math.min(...windows)).toBeGreaterThanOrEqual(985);
      expect((arrivals.length - 1) / perSecond / seconds).toBeGreaterThanOrEqual(0.97);
      // Halfway, when all of them want everything, each has had about a quarter.
      const half = new Set(
        writes(sandbox)
          .slice(0, 600)
          .map(({requestId}) => requestId),
      );
      for (const machine of machines) {
        expect(machine.intents().filter((name) => half.has(name)).length).toBeGreaterThan(100);
      }
    },
  );
});
