import {renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {holdEffects} from '../helpers/harness/held-effects.ts';
import {until} from '../helpers/until.ts';
import {applied, counts, csv, errorOf, fast, openStage, type Stage, writes} from './stage.ts';

const on = {method: 'POST', path: 'patronages'};
const pairs = (count: number) =>
  csv('user_id,godfather_id', ...Array.from({length: count}, (_, at) => `${1000 + at},64`));
const run = ['run', 'patronages', 'pairs.csv', '--yes', '--per-second', '1000'];
const anHour = '3600';

function doubled({sandbox}: Stage): number[] {
  const users = [...sandbox.store.patronages.values()].map(({user_id}) => user_id);
  return users.filter((user, at) => users.indexOf(user) !== at);
}

const preload = fileURLToPath(new URL('../helpers/shifted-clock.mjs', import.meta.url));
const shifted = (ms: number) => ({node: ['--import', preload], env: {CLOCK_SHIFT: String(ms)}});

/** Resolves once a process has written this on stderr, or has ended. */
async function untilWritten({child}: ReturnType<Stage['start']>, text: string): Promise<void> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(() => stderr.includes(text) || child.exitCode !== null, text);
}

/** A run that was killed while the server had one of its rows. */
async function openKilled(settle: string) {
  const effects = holdEffects();
  const late: Fault = {on, effect: 'late', lateMs: 1, answer: 'hang', times: 1};
  const stage = await openStage({...effects.options, faults: [late]});
  stage.file('pairs.csv', pairs(4));
  const first = stage.start([...run, '--settle', settle, '--concurrency', '1']);
  await until(() => effects.waiting === 1);
  first.child.kill('SIGKILL');
  await first.ended;
  return {stage, effects};
}

describe('a run whose folder is gone', () => {
  it.each([
    ['deleted', (runs: string) => rmSync(runs, {recursive: true})],
    ['moved away', (runs: string) => renameSync(runs, `${runs}-of-before`)],
  ])('was %s: nothing is created before its last write can be seen', async (_how, lose) => {
    const {stage, effects} = await openKilled('8');
    lose(join(stage.folder, 'runs'));
    const second = stage.start([...run, '--settle', '8']);
    // Before that time nothing is asked, so that nothing is found absent.
    await untilWritten(second, 'a run is gone');
    effects.release();
    expect(await second.ended).toMatchObject({code: 0});
    expect(doubled(stage)).toEqual([]);
    expect(stage.summary().counts).toEqual(counts({created: 3, unchanged: 1}));
  });
});

it('the clock is set forward between two runs, and the lists lag: what was written just now is known', async () => {
  const stage = await openStage({readLagMs: 3_600_000});
  stage.file('pairs.csv', pairs(3));
  expect((await stage.cli([...run, '--settle', '120'])).code).toBe(0);
  expect((await stage.cli([...run, '--settle', '120'], shifted(2 * 3_600_000))).code).toBe(0);
  expect(doubled(stage)).toEqual([]);
  expect(stage.summary().counts).toEqual(counts({unchanged: 3}));
});

it('the settle time that the API made longer is kept to by a resume', async () => {
  const effects = holdEffects();
  let isSlow = true;
  const stage = await openStage({
    faults: [{on, nth: 2, effect: 'late', lateMs: 1, answer: 'hang'}],
    // The API says that it worked for over a second on the first row: ten times that is the settle time.
    latencyMs: 1200,
    after: (ms, work) => {
      if (ms === 1) return effects.options.after?.(ms, work) ?? (() => undefined);
      const timer = setTimeout(work, isSlow ? ms : 0);
      return () => clearTimeout(timer);
    },
  });
  stage.file('pairs.csv', pairs(3));
  const first = stage.start([...run, '--settle', '0.2', '--concurrency', '1']);
  await until(() => effects.waiting === 1);
  first.child.kill('SIGKILL');
  await first.ended;
  isSlow = false;
  const second = stage.start(['resume', 'last', '--yes', '--per-second', '1000', '--settle', '0.2']);
  await untilWritten(second, 'settling 1 row in doubt');
  second.child.kill('SIGKILL');
  expect((await second.ended).signal).toBe('SIGKILL');
  expect(stage.output('journal.ndjson')).not.toContain('"k":"not_applied"');
});

it('an undo, then the same file at once, and the lists still show what was removed', async () => {
  const stage = await openStage({readLagMs: 3_600_000});
  stage.file('pairs.csv', pairs(3));
  const command = [...run, '--settle', anHour];
  expect((await stage.cli(command)).code).toBe(0);
  expect((await stage.cli(['undo', 'last', '--yes', '--settle', anHour, '--per-second', '1000'])).code).toBe(
    0,
  );
  expect(stage.sandbox.store.patronages.size).toBe(0);
  expect((await stage.cli(command)).code).toBe(0);
  expect(stage.summary().counts).toEqual(counts({created: 3}));
  expect(stage.sandbox.store.patronages.size).toBe(3);
});

it('two files set one record in turn, and the lists lag: the last one is what stays, whole', async () => {
  const stage = await openStage({readLagMs: 3_600_000});
  const people = (first: string, status: string) =>
    stage.file('people.csv', csv('id,first_name,status', `1000,${first},${status}`));
  const before = stage.sandbox.store.users.get(1000);
  const command = ['run', 'users', 'people.csv', '--yes', '--settle', anHour, '--per-second', '1000'];
  people('Amal', 'admis');
  expect((await stage.cli(command)).code).toBe(0);
  // As the list shows it still: a reading says that there is nothing to do.
  people(before?.first_name ?? '', 'admis');
  expect((await stage.cli(command)).code).toBe(0);
  expect(stage.sandbox.store.users.get(1000)?.first_name).toBe(before?.first_name);
});

describe('a row of a run that goes on', () => {
  it('is not sent while another run has it in doubt', async () => {
    // The first file is stopped before its second row, the other one is killed over that very row.
    const effects = holdEffects();
    const late: Fault = {on, nth: 2, effect: 'late', lateMs: 1, answer: 'hang'};
    const stage = await openStage({...effects.options, faults: [late]});
    stage.file('pairs.csv', pairs(2));
    stage.file('others.csv', csv('user_id,godfather_id', '1001,64'));
    expect(
      (await stage.cli([...run, '--settle', '1', '--max-requests', '4', '--concurrency', '1'])).code,
    ).toBe(75);
    const [unfinished = ''] = stage.runs();
    const other = stage.start([
      'run',
      'patronages',
      'others.csv',
      '--yes',
      '--settle',
      '1',
      '--per-second',
      '1000',
    ]);
    await until(() => effects.waiting === 1);
    other.child.kill('SIGKILL');
    await other.ended;
    const resume = ['resume', unfinished, '--yes', '--json', ...fast];
    const refused = await stage.cli(resume);
    expect(refused.code).toBe(21);
    expect(errorOf(refused)).toMatchObject({
      code: 'unsettled_run',
      hint: expect.stringContaining(stage.runs()[1] ?? '?'),
    });
    effects.release();
    expect((await stage.cli(['resume', stage.runs()[1] ?? '', '--yes', ...fast])).code).toBe(0);
    expect((await stage.cli(resume)).code).toBe(0);
    expect(doubled(stage)).toEqual([]);
    expect(applied(stage.sandbox)).toHaveLength(2);
    expect(writes(stage.sandbox)).toHaveLength(2);
  });
});
