import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {holdEffects, until} from '../helpers/harness/held-effects.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial, type Trial} from '../helpers/harness/trial.ts';

const rows = 20;
const inDoubt = 8;

/** Eight rows in all whose requests the server has, with an effect that is still to come. */
const on = {method: 'POST', path: 'patronages'};
const unanswered: Fault = {on, effect: 'late', lateMs: 1, answer: 'hang', times: inDoubt};
const cutOff: Fault = {on, effect: 'late', lateMs: 1, answer: 'reset', every: 2, times: inDoubt};

const journalOf = (trial: Trial) => readFileSync(join(trial.run() ?? '', 'journal.ndjson'), 'utf8');
const wasReadBack = (trial: Trial) => () => journalOf(trial).includes('"k":"check"');

async function openLate(fault: Fault, settle: number) {
  const effects = holdEffects();
  const sandbox = {...effects.options, faults: [fault]};
  return {effects, trial: await openTrial(scenarios.listable, {rows, settle, concurrency: inDoubt, sandbox})};
}

/** A run whose process is killed while the server works on eight of its requests. */
async function killedOverLateEffects(settle: number) {
  const late = await openLate(unanswered, settle);
  await late.trial.kill({at: 'sent:write', nth: inDoubt});
  await until(() => late.effects.waiting === inDoubt, 'the requests have arrived');
  return late;
}

describe('effects that come after their sender was killed', () => {
  it('are found by the reading after the settling time, and nothing is sent twice', async () => {
    const {trial, effects} = await killedOverLateEffects(1);
    const {ended} = trial.start();
    await until(wasReadBack(trial), 'the first reading is over');
    effects.release();
    expect(await ended).toMatchObject({code: 0});
    expect(await trial.check(true)).toMatchObject({violations: [], duplicates: 0, counts: {created: rows}});
  });

  it('double rows where no settling time is kept: this test can see it', async () => {
    const {trial, effects} = await killedOverLateEffects(0);
    expect(await trial.go()).toMatchObject({code: 0});
    effects.release();
    expect((await trial.check(true)).duplicates).toBe(inDoubt);
  });
});

describe('effects that come after their answer was lost', () => {
  it('are found by the reading after the settling time, and nothing is sent twice', async () => {
    const {trial, effects} = await openLate(cutOff, 1);
    const {ended} = trial.start();
    await until(() => trial.run() !== undefined && wasReadBack(trial)(), 'the first reading is over');
    effects.release();
    expect(await ended).toMatchObject({code: 0});
    expect(await trial.check(true)).toMatchObject({violations: [], duplicates: 0, counts: {created: rows}});
  });

  it('double rows where no settling time is kept: this test can see it', async () => {
    const {trial, effects} = await openLate(cutOff, 0);
    expect(await trial.go()).toMatchObject({code: 0});
    effects.release();
    expect((await trial.check(true)).duplicates).toBe(inDoubt);
  });
});

it('counts the settling time from the death of the sender, which may have slept since its intent', async () => {
  const settle = 1;
  const {trial, effects} = await openLate({...unanswered, times: 1}, settle);
  const {child, ended} = trial.start({at: 'datasync:intent', when: 'after', act: 'SIGSTOP'});
  await until(
    () => trial.run() !== undefined && journalOf(trial).includes('"k":"intent"'),
    'an intent is written',
  );
  await sleep(settle * 1000);
  child.kill('SIGCONT');
  await until(() => effects.waiting === 1, 'the sleeper has sent its row');
  child.kill('SIGKILL');
  await ended;
  // The server never comes to it, so the row is sent again: not before its time, as the check below knows.
  expect(await trial.go()).toMatchObject({code: 0});
  const {violations, counts} = await trial.check(true);
  expect({violations, counts}).toMatchObject({violations: [], counts: {created: rows}});
  expect(journalOf(trial)).toContain('"k":"not_applied"');
});

it('waits for a settling time that is longer than a timer can count', async () => {
  const {trial, effects} = await killedOverLateEffects(1);
  const weeks = ['--settle', String(2 ** 31 / 1000 + 1)];
  const {child, ended} = trial.stage.start(['resume', 'last', '--yes', '--per-second', '1000', ...weeks]);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(() => /in doubt.* waiting/.test(stderr), 'it waits');
  // A timer that overflows is over after a millisecond.
  await sleep(300);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({signal: 'SIGTERM'});
  expect(journalOf(trial)).not.toContain('"k":"not_applied"');
  effects.release();
  expect((await trial.end(0)).counts.created).toBe(rows);
});
