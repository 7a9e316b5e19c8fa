import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {applied, counts} from '../../e2e/stage.ts';
import {until} from '../../helpers/until.ts';
import {generator} from '../../helpers/harness/random-kills.ts';
import {openRedis} from '../../helpers/redis-server.ts';
import {openSandbox} from '../../sandbox/open-sandbox.ts';
import {apiPerSecond, type Machine, openMachines, pace} from './machines.ts';

const runs = [
  ['run', 'patronages', 'pairs.csv', ...pace],
  ['run', 'titles-users', 'titles.csv', ...pace],
];

/**
 * Two machines work on a job each, while one of them or Redis is killed at random moments and started again: in the
 * end each row was applied once, and the limits were kept.
 */
export async function expectMachinesSurvive(kills: number, rows: number, seed: number): Promise<void> {
  const random = generator(seed);
  const redis = await openRedis();
  const {sandbox} = await openSandbox({users: 1000, perSecond: apiPerSecond, perHour: 50_000});
  const begin = (machine: Machine, run: readonly string[]) => {
    const hasRun = existsSync(join(machine.folder, 'runs'));
    return machine.start(hasRun && random() < 0.5 ? ['resume', 'last', ...pace] : run);
  };
  const working = openMachines(2, sandbox, redis.url).map((machine, at) => {
    machine.pairs('pairs.csv', 1000, rows);
    machine.titles('titles.csv', 1000, rows);
    const run = runs[at] ?? [];
    return {machine, run, process: begin(machine, run)};
  });
  for (let kill = 1; kill <= kills; kill++) {
    const reached = sandbox.ledger.length + 1 + Math.floor(random() * 12);
    await until(() => sandbox.ledger.length >= reached || isOver());
    const victim = Math.floor(random() * 3);
    const one = working[victim];
    if (one) {
      one.process.child.kill('SIGKILL');
      await one.process.ended;
      one.process = begin(one.machine, one.run);
    } else {
      await redis.kill();
      await redis.start();
    }
  }
  for (const one of working) {
    let {code, stderr} = await one.process.ended;
    // Whoever was killed between its folder and its journal left a run that never began.
    if (code !== 0) ({code, stderr} = await one.machine.cli(one.run));
    expect({seed, code, stderr: code === 0 ? '' : stderr}).toEqual({seed, code: 0, stderr: ''});
    const {created, unchanged} = one.machine.summary().counts;
    expect(one.machine.summary().counts).toEqual(counts({created, unchanged}));
    expect(created + unchanged).toBe(rows);
  }
  const bodies = applied(sandbox).map(({body}) => JSON.stringify(body));
  expect({seed, twice: bodies.length - new Set(bodies).size, lost: 2 * rows - new Set(bodies).size}).toEqual({
    seed,
    twice: 0,
    lost: 0,
  });
  expect(sandbox.ledger.filter(({status}) => status === 429)).toEqual([]);

  function isOver(): boolean {
    return working.every(({process}) => process.child.exitCode !== null || process.child.signalCode !== null);
  }
}
