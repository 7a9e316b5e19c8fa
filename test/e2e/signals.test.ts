import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {constants} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {arrivedWrites, handlesSignals, until} from '../helpers/harness/held-effects.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {expectOrderlyEnds} from '../helpers/harness/signal-steps.ts';
import {openTrial, type Trial} from '../helpers/harness/trial.ts';
import {lastLine} from './stage.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof signals)[number];

/** After its request had so many writes arrive, the process gets the signal. */
async function signalAfter(trial: Trial, writes: number, signal: Signal) {
  const {child, ended} = trial.start();
  await until(() => arrivedWrites(trial.stage.sandbox.ledger) >= writes, `${writes} writes have arrived`);
  child.kill(signal);
  return {child, ended};
}

const lastEntryOf = (trial: Trial) =>
  JSON.parse(
    readFileSync(join(trial.run() ?? '', 'journal.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .at(-1) ?? '',
  ) as {
    k: string;
    why: string;
    code: number;
  };

describe.each(signals)('the first %s', (signal) => {
  it('lets what is on its way come back, reports, and ends the process by that very signal', async () => {
    const rows = 40;
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {latencyMs: 60}});
    const result = await (await signalAfter(trial, 4, signal)).ended;
    expect(result).toMatchObject({signal, code: null});
    expect(result.stderr).toContain(`${signal}: waiting for what is on its way`);
    expect(lastLine(result)).toMatch(/bulk42 resume \S+-patronages$/);

    const {violations, counts} = await trial.check(true);
    expect({violations, in_doubt: counts.in_doubt}).toEqual({violations: [], in_doubt: 0});
    expect(counts.created).toBe(arrivedWrites(trial.stage.sandbox.ledger));
    expect(counts.not_started).toBeGreaterThan(0);
    const code = 128 + constants.signals[signal];
    expect(lastEntryOf(trial)).toMatchObject({k: 'stop', why: signal, code});
    expect(trial.stage.summary()).toMatchObject({state: 'stopped', exitCode: code});
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});

it('a signal that a wrapper passes on in the same moment is no second one', async () => {
  const trial = await openTrial(scenarios.listable, {rows: 40, sandbox: {latencyMs: 300}});
  const {child, ended} = await signalAfter(trial, 2, 'SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({signal: 'SIGTERM'});
  const {violations, counts} = await trial.check(true);
  expect({violations, in_doubt: counts.in_doubt}).toEqual({violations: [], in_doubt: 0});
});

describe('a server that never answers', () => {
  const rows = 6;
  const hang = {on: {method: 'POST'}, effect: 'before', answer: 'hang'} as const;

  it('is waited for 8 seconds after a signal; what it got stays in doubt', async () => {
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {faults: [hang]}});
    const begin = performance.now();
    const result = await (await signalAfter(trial, 2, 'SIGTERM')).ended;
    expect(result).toMatchObject({signal: 'SIGTERM'});
    expect(performance.now() - begin).toBeGreaterThan(8000);
    const {violations, counts} = await trial.check(true);
    expect({violations, counts}).toMatchObject({violations: [], counts: {in_doubt: 2, not_started: 4}});
    trial.stage.sandbox.clearFaults();
    expect((await trial.end(0)).counts.created).toBe(rows);
  });

  it('is waited for no longer after a second signal', async () => {
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {faults: [hang]}});
    const {child, ended} = await signalAfter(trial, 2, 'SIGINT');
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await until(() => stderr.includes('once more to end at once'), 'the first signal is noticed');
    // Sooner than a person can press the keys again, it would be an echo.
    await sleep(50);
    const again = performance.now();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({signal: 'SIGINT'});
    // Far less than the 8 seconds of the first, on a machine however busy.
    expect(performance.now() - again).toBeLessThan(4000);
    const {violations, counts} = await trial.check(false);
    expect({violations, counts}).toMatchObject({violations: [], counts: {in_doubt: 2}});
    trial.stage.sandbox.clearFaults();
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});

it('three signals at once end it at once', async () => {
  const hang = {on: {method: 'POST'}, effect: 'before', answer: 'hang'} as const;
  const trial = await openTrial(scenarios.listable, {rows: 6, sandbox: {faults: [hang]}});
  const {child, ended} = await signalAfter(trial, 2, 'SIGTERM');
  const begin = performance.now();
  child.kill('SIGHUP');
  child.kill('SIGINT');
  const {signal} = await ended;
  expect(['SIGTERM', 'SIGHUP', 'SIGINT']).toContain(signal);
  expect(performance.now() - begin).toBeLessThan(4000);
  const {violations, counts} = await trial.check(false);
  expect({violations, counts}).toMatchObject({violations: [], counts: {in_doubt: 2}});
  trial.stage.sandbox.clearFaults();
  expect((await trial.end(0)).counts.created).toBe(6);
});

describe('a signal at any step', () => {
  it('leaves a whole journal and true reports, and nothing in doubt', async () => {
    await expectOrderlyEnds((step) => signals[step % signals.length] ?? 'SIGINT');
  });

  it('while rows are settled leaves them in doubt for the next process', async () => {
    const trial = await openTrial(scenarios.listable, {rows: 6, settle: 3});
    await trial.kill({at: 'datasync:intent', when: 'after', nth: 2});
    const {signal} = await trial.go({at: 'write:check', act: 'SIGTERM'});
    expect(signal).toBe('SIGTERM');
    const {violations, counts} = await trial.check(true);
    expect(violations).toEqual([]);
    expect(counts.in_doubt).toBeGreaterThan(0);
    expect((await trial.end(0)).counts.created).toBe(6);
  });

  it.runIf(process.platform === 'linux')('while it waits for another run ends the waiting', async () => {
    const trial = await openTrial(scenarios.listable, {
      rows: 2,
      sandbox: {faults: [{on: {method: 'POST'}, effect: 'none', answer: 'hang'}]},
    });
    const holder = trial.start();
    await until(() => arrivedWrites(trial.stage.sandbox.ledger) > 0, 'the holder sends');
    const waiting = trial.stage.start(['run', 'patronages', 'rows.csv', '--yes', '--wait-lock', '600']);
    await until(() => handlesSignals(waiting.child), 'the other waits');
    waiting.child.kill('SIGTERM');
    expect(await waiting.ended).toMatchObject({signal: 'SIGTERM'});
    holder.child.kill('SIGKILL');
    await holder.ended;
  });
});
