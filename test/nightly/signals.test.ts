import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {generator} from '../helpers/harness/random-kills.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from '../e2e/stage.ts';

it('a hundred signals at random times: always an orderly end, and all rows once in the end', async () => {
  const rows = 900;
  const random = generator(4242);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const trial = await openTrial(scenarios.listable, {rows, sandbox: {latencyMs: 15}});
  let orderly = 0;
  for (let time = 0; time < 100; time++) {
    const signal = signals[time % 3] ?? 'SIGINT';
    const {child, ended} = trial.start();
    await sleep(400 + random() * 600);
    child.kill(signal);
    const result = await ended;
    expect(result.signal === signal || result.code === 0).toBe(true);
    if (!result.stderr.includes('waiting for what is on its way')) continue;
    orderly++;
    const {violations, counts} = await trial.check(trial.run() !== undefined);
    expect({time, violations, in_doubt: counts.in_doubt}).toEqual({time, violations: [], in_doubt: 0});
  }
  expect(orderly).toBeGreaterThan(30);
  expect((await trial.end(0)).duplicates).toBe(0);
  expect(applied(trial.stage.sandbox)).toHaveLength(rows);
});
