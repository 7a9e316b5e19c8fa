import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {constants} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {arrivedWrites, handlesSignals} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {expectOrderlyEnds} from '../helpers/harness/signal-steps.ts';
import {openTrial, type Trial} from '../helpers/harness/trial.ts';
import {afterFirst, createGate, interrupt, lastLine} from './stage.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits of five seconds or more never end by themselves: a process that ends did not wait for them. */
const withoutLongTimers = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    const start = globalThis.setTimeout;
    globalThis.setTimeout = (run, ms, ...more) => start(run, ms >= 5000 ? 2 ** 31 - 1 : ms, ...more);
  `)}`,
];

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

/** Two are in flight after the first, which is accepted. */
const hangAfterFirst = (): Fault => ({
  on: {method: 'POST', path: 'patronages', body: afterFirst(1)},
  effect: 'before',
  answer: 'hang',
});

describe.each(signals)('the first %s', (signal) => {
  it('lets what is on its way come back, reports, and ends the process by that very signal', async () => {
    const rows = 40;
    const gate = createGate(4, Infinity);
    const trial = await openTrial(scenarios.listable, {rows, sandbox: gate.options});
    const {child, ended} = trial.start();
    await gate.reached();
    await interrupt(child, signal);
    gate.open();
    const result = await ended;
    expect(result).toMatchObject({signal, code: null});
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

describe('a server that never answers', () => {
  const rows = 6;
  it('is waited for 8 seconds after a signal; what it got stays in doubt', async () => {
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {faults: [hangAfterFirst()]}});
    const {child, ended} = trial.start();
    await until(() => arrivedWrites(trial.stage.sandbox.ledger) >= 3, 'three writes have arrived');
    const begin = performance.now();
    child.kill('SIGTERM');
    const result = await ended;
    expect(result).toMatchObject({signal: 'SIGTERM'});
    expect(performance.now() - begin).toBeGreaterThan(8000);
    const {violations, counts} = await trial.check(true);
    expect({violations, counts}).toMatchObject({
      violations: [],
      counts: {created: 1, in_doubt: 2, not_started: 3},
    });
    trial.stage.sandbox.clearFaults();
    expect((await trial.end(0)).counts.created).toBe(rows);
  });

  it('is waited for no longer after a second signal', async () => {
    const trial = await openTrial(scenarios.listable, {rows, sandbox: {faults: [hangAfterFirst()]}});
    const {child, ended} = trial.start(undefined, {node: withoutLongTimers});
    await until(() => arrivedWrites(trial.stage.sandbox.ledger) >= 3, 'three writes have arrived');
    await interrupt(child, 'SIGINT');
    // Sooner than a person can press the keys again, it would be an echo.
    await sleep(50);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({signal: 'SIGINT'});
    const {violations, counts} = await trial.check(false);
    expect({violations, counts}).toMatchObject({violations: [], counts: {created: 1, in_doubt: 2}});
    trial.stage.sandbox.clearFaults();
    expect((await trial.end(0)).counts.created).toBe(rows);
  });
});

it('three signals at once end it at once', async () => {
  const trial = await openTrial(scenarios.listable, {rows: 6, sandbox: {faults: [hangAfterFirst()]}});
  const {child, ended} = trial.start(undefined, {node: withoutLongTimers});
  await until(() => arrivedWrites(trial.stage.sandbox.ledger) >= 3, 'three writes have arrived');
  child.kill('SIGTERM');
  child.kill('SIGHUP');
  child.kill('SIGINT');
  const {signal} = await ended;
  expect(['SIGTERM', 'SIGHUP', 'SIGINT']).toContain(signal);
  const {violations, counts} = await trial.check(false);
  expect({violations, counts}).toMatchObject({violations: [], counts: {created: 1, in_doubt: 2}});
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
