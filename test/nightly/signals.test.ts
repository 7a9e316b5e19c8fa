import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {handlesSignals} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {generator} from '../helpers/harness/random-kills.ts';
import {expectOrderlyEnds} from '../helpers/harness/signal-steps.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from '../e2e/stage.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

it.each(signals)('%s at every step ends the run in an orderly way', async (signal) => {
  await expectOrderlyEnds(() => signal);
});

it('a hundred signals at random times: always an orderly end, and all rows once in the end', async () => {
  const rows = 1400;
  const random = generator(4242);
  const trial = await openTrial(scenarios.listable, {rows, concurrency: 1, sandbox: {latencyMs: 30}});
  let orderly = 0;
  for (let time = 0; time < 100; time++) {
    const signal = signals[time % 3] ?? 'SIGINT';
    const {child, ended} = trial.start();
    await until(() => handlesSignals(child), 'it handles signals');
    await sleep(random() * 1000);
    child.kill(signal);
    const result = await ended;
    // Every row is done: there is nothing left to interrupt.
    if (result.code === 0) break;
    expect(result.signal).toBe(signal);
    if (!result.stderr.includes('waiting for requests in flight')) continue;
    orderly++;
    const {violations, counts} = await trial.check(trial.run() !== undefined);
    expect({time, violations, in_doubt: counts.in_doubt}).toEqual({time, violations: [], in_doubt: 0});
  }
  process.stdout.write(`${orderly} signals, each with an orderly end\n`);
  expect(orderly).toBeGreaterThan(60);
  expect((await trial.end(0)).duplicates).toBe(0);
  expect(applied(trial.stage.sandbox)).toHaveLength(rows);
});
