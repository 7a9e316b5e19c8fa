import {expect, it} from 'vitest';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';

it('a run that is killed twice gets no new budget: what it sent in this hour is remembered', async () => {
  const perHour = 12;
  const trial = await openTrial(scenarios.listable, {rows: 30, sandbox: {rateHeaders: false}});
  const {ledger} = trial.stage.sandbox;
  const pace = [
    '--per-second',
    '1000',
    '--settle',
    '0.3',
    '--per-hour',
    String(perHour),
    '--concurrency',
    '1',
  ];
  const start = (...command: string[]) => trial.stage.start([...command, '--yes', ...pace]);
  for (const [requests, command] of [
    [5, ['run', 'patronages', 'rows.csv']],
    [9, ['resume', 'last']],
  ] as const) {
    const {child, ended} = start(...command);
    await until(
      () => ledger.length >= requests && trial.run() !== undefined,
      `${requests} requests are made`,
    );
    child.kill('SIGKILL');
    await ended;
  }
  const {child, ended} = start('resume', 'last');
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(() => stderr.includes('the hour is used up'), 'the hour is used up');
  // A request is counted before it is sent, so each of the two kills may have cost one that never left.
  expect(ledger.length).toBeLessThanOrEqual(perHour);
  expect(ledger.length).toBeGreaterThanOrEqual(perHour - 2);
  const used = ledger.length;
  child.kill('SIGTERM');
  await ended;
  expect(ledger).toHaveLength(used);
});
