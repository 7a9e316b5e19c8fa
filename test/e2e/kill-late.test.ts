import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {holdEffects} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial, type Trial} from '../helpers/harness/trial.ts';
import {afterFirst} from './stage.ts';

/** How many requests the server has whose effect is still to come, and of how many rows. */
interface Size {
  late: number;
  rows: number;
}

const many: Size = {late: 100, rows: 320};
/** No more than are sent again in one process, however many are absent. */
const few: Size = {late: 20, rows: 120};

const on = {method: 'POST', path: 'patronages'};
const unanswered: Fault = {on, effect: 'late', lateMs: 1, answer: 'hang'};
/** Rare enough for the API not to look as if it were down. */
const cutOff: Fault = {on, effect: 'late', lateMs: 1, answer: 'reset', every: 3};

const journalOf = (trial: Trial) => readFileSync(join(trial.run() ?? '', 'journal.ndjson'), 'utf8');
const wasReadBack = (trial: Trial) => () => journalOf(trial).includes('"k":"check"');

async function openLate(fault: Fault, settle: number, {late, rows}: Size) {
  const effects = holdEffects();
  // So many are accepted first that the others may be in flight together.
  const body = fault.answer === 'hang' ? afterFirst(late - 1) : () => true;
  const sandbox = {...effects.options, faults: [{...fault, on: {...on, body}, times: late}]};
  const concurrency = fault.answer === 'hang' ? late : 8;
  return {effects, trial: await openTrial(scenarios.listable, {rows, settle, concurrency, sandbox})};
}

/** A run whose process is killed while the server works on its requests. */
async function killedOverLateEffects(settle: number, size: Size) {
  const {effects, trial} = await openLate(unanswered, settle, size);
  await trial.kill({at: 'sent:write', nth: 2 * size.late - 1});
  await until(() => effects.waiting === size.late, 'the requests have arrived');
  return {effects, trial};
}

describe('effects that come after their sender was killed', () => {
  it('are found by the reading after the settling time, and nothing is sent twice', async () => {
    const {trial, effects} = await killedOverLateEffects(1, many);
    const {ended} = trial.start();
    await until(wasReadBack(trial), 'the first reading is over');
    effects.release();
    expect(await ended).toMatchObject({code: 0});
    const end = await trial.check(true);
    expect(end).toMatchObject({violations: [], duplicates: 0, counts: {created: many.rows}});
  });

  it('double rows where no settling time is kept: this test can see it', async () => {
    const {trial, effects} = await killedOverLateEffects(0, few);
    expect(await trial.go()).toMatchObject({code: 0});
    effects.release();
    expect((await trial.check(true)).duplicates).toBe(few.late);
  });
});

describe('effects that come after their answer was lost', () => {
  it('are found by the reading after the settling time, and nothing is sent twice', async () => {
    const {trial, effects} = await openLate(cutOff, 1, many);
    const {ended} = trial.start();
    await until(() => trial.run() !== undefined && wasReadBack(trial)(), 'the first reading is over');
    expect(effects.waiting).toBe(many.late);
    effects.release();
    expect(await ended).toMatchObject({code: 0});
    const end = await trial.check(true);
    expect(end).toMatchObject({violations: [], duplicates: 0, counts: {created: many.rows}});
  });

  it('double rows where no settling time is kept: this test can see it', async () => {
    const {trial, effects} = await openLate(cutOff, 0, few);
    expect(await trial.go()).toMatchObject({code: 0});
    effects.release();
    expect((await trial.check(true)).duplicates).toBe(few.late);
  });
});

it('counts the settling time from the death of the sender, which may have slept since its intent', async () => {
  // Far more than a process takes to start and to send two rows, however busy the machine is.
  const settle = 4;
  const {trial, effects} = await openLate(unanswered, settle, {late: 1, rows: 3});
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
  expect({violations, counts}).toMatchObject({violations: [], counts: {created: 3}});
  expect(journalOf(trial)).toContain('"k":"not_applied"');
});

it('waits for a settling time that is longer than a timer can count', async () => {
  const {trial, effects} = await killedOverLateEffects(1, few);
  const weeks = ['--settle', String(2 ** 31 / 1000 + 1)];
  const {child, ended} = trial.stage.start(['resume', 'last', '--yes', '--per-second', '1000', ...weeks]);
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(() => /settling \d+ rows? in doubt/.test(stderr), 'it waits');
  // A timer that overflows is over after a millisecond.
  await sleep(300);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({signal: 'SIGTERM'});
  expect(journalOf(trial)).not.toContain('"k":"not_applied"');
  effects.release();
  expect((await trial.end(0)).counts.created).toBe(few.rows);
});
