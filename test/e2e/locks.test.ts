import {expect, it} from 'vitest';
import {handlesSignals} from '../helpers/harness/held-effects.ts';
import {
  applied,
  counts,
  createGate,
  csv,
  errorOf,
  fast,
  fastReads,
  openInDoubt,
  openStage,
  runInOrder,
  type Stage,
  writes,
} from './stage.ts';
import {until} from '../helpers/until.ts';

const people = Array.from({length: 12}, (_, at) => `${1000 + at},64`);
const command = runInOrder('patronages', 'pairs.csv', '--existing', 'send', ...fast);

/** A run that stands still at its third row until it is let go on. */
async function openBusy(): Promise<{stage: Stage; first: ReturnType<Stage['start']>; goOn: () => void}> {
  const gate = createGate(3);
  const stage = await openStage(gate.options);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...people));
  stage.file('other.csv', csv('user_id,godfather_id', '46,64'));
  const first = stage.start(command);
  await gate.reached();
  return {stage, first, goOn: gate.open};
}

/** A second process has read what it wants to go on with, and waits for the lock. */
const waits = ({child}: ReturnType<Stage['start']>) => until(() => handlesSignals(child));

it('lets one run of an application go on at a time: a second one ends at once and sends nothing', async () => {
  const {stage, first, goOn} = await openBusy();
  const results = await Promise.all([
    stage.cli(['run', 'patronages', 'other.csv', '--yes', '--json']),
    stage.cli(['resume', 'last', '--yes', '--json']),
  ]);
  for (const result of results) {
    expect(result.code).toBe(23);
    expect(errorOf(result)).toMatchObject({code: 'locked', hint: expect.stringContaining('--wait-lock')});
  }
  goOn();
  expect((await first.ended).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(people.length);
  expect(stage.runs()).toHaveLength(1);
});

it('keeps a run that a process is at work on from being removed', async () => {
  const {stage, first, goOn} = await openBusy();
  const [run = ''] = stage.runs();
  const refused = await stage.cli(['runs', '--remove', 'last', '--yes', '--json']);
  expect(refused.code).toBe(23);
  expect(errorOf(refused)).toMatchObject({code: 'locked', message: expect.stringContaining(run)});
  goOn();
  expect((await first.ended).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(people.length);
  expect((await stage.cli(['runs', '--remove', 'last', '--yes'])).code).toBe(0);
  expect(stage.runs()).toEqual([]);
});

it('waits for another run with --wait-lock', async () => {
  const {stage, first, goOn} = await openBusy();
  const second = stage.start(['run', 'patronages', 'other.csv', '--yes', ...fast, '--wait-lock', '30']);
  await waits(second);
  goOn();
  expect((await first.ended).code).toBe(0);
  expect((await second.ended).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(people.length + 1);
  const [last] = writes(stage.sandbox).slice(-1);
  expect(last?.body).toMatchObject({patronage: {user_id: 46}});
});

it('sends nothing twice when the same work waits for itself', async () => {
  const {stage, first, goOn} = await openBusy();
  const again = command.map((word) => (word === 'send' ? 'skip' : word));
  const waiting = [
    stage.start([...again, '--wait-lock', '30']),
    stage.start(['resume', stage.runs()[0] ?? '', '--yes', ...fast, '--wait-lock', '30']),
  ];
  await Promise.all(waiting.map(waits));
  goOn();
  expect((await first.ended).code).toBe(0);
  for (const {ended} of waiting) expect((await ended).code).toBe(0);
  expect(applied(stage.sandbox)).toHaveLength(people.length);
  expect(stage.summary(stage.runs()[0])).toMatchObject({
    state: 'finished',
    counts: counts({created: people.length}),
  });
});

it('refuses to start beside rows in doubt, and to retry beside them; reading and other jobs are free', async () => {
  const stage = await openInDoubt('1002,999999');
  stage.file('other.csv', csv('user_id,godfather_id', '46,64'));
  stage.file('users.csv', csv('id,pool_year', '46,2031'));
  expect(writes(stage.sandbox)[2]?.status).toBe(422);
  expect(stage.summary().counts.in_doubt).toBe(1);

  const sent = stage.sandbox.ledger.length;
  const other = await stage.cli(['run', 'patronages', 'other.csv', '--yes', '--json']);
  expect(other.code).toBe(21);
  expect(errorOf(other)).toMatchObject({exitCode: 21, hint: `bulk42 resume ${stage.runs()[0]}`});
  const retry = await stage.cli(['retry', 'last', '--yes', '--json']);
  expect(retry.code).toBe(21);
  expect(stage.sandbox.ledger).toHaveLength(sent);
  expect(stage.runs()).toHaveLength(1);

  expect((await stage.cli(['plan', 'patronages', 'other.csv', ...fastReads])).code).toBe(0);
  expect((await stage.cli(['run', 'users', 'users.csv', '--yes', ...fast])).code).toBe(0);

  expect((await stage.cli(['resume', stage.runs()[0] ?? '', '--yes', ...fast])).code).toBe(20);
  expect((await stage.cli(['run', 'patronages', 'other.csv', '--yes', ...fast])).code).toBe(0);
  expect(
    [...stage.sandbox.store.patronages.values()]
      .map(({user_id}) => user_id)
      .sort((one, other) => one - other),
  ).toEqual([46, 1000, 1001]);
});
