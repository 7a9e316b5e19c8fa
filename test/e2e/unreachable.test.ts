import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {startSandbox} from '../../src/sandbox/server.ts';
import {
  counts,
  createGate,
  csv,
  errorOf,
  fast,
  interrupt,
  openStage,
  runInOrder,
  settlesLate,
} from './stage.ts';
import {until} from '../helpers/until.ts';

/** A server that hangs up on everybody. */
async function openRude(): Promise<{url: string; visits: () => number; close: () => Promise<unknown>}> {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(async () => void (await close()));
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, visits: () => visits, close};
}

it('gives up with 75 where the API cannot be reached, and ends by the signal on Ctrl-C while it tries', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
  const {uid, secret} = stage.sandbox;
  const command = ['run', 'patronages', 'pairs.csv', '--yes', ...fast];

  const rude = await openRude();
  const gone = await openRude();
  await gone.close();
  const patient = stage.cli([...command, '--json'], {api: {url: gone.url, uid, secret}});
  const started = stage.start(command, {api: {url: rude.url, uid, secret}});
  await until(() => rude.visits() > 0);
  await interrupt(started.child, 'SIGINT');
  const {signal, stderr} = await started.ended;
  expect(signal).toBe('SIGINT');
  expect(stderr).not.toContain('bug');

  const result = await patient;
  expect(result.code).toBe(75);
  expect(errorOf(result)).toMatchObject({exitCode: 75, message: expect.stringContaining('ECONNREFUSED')});
  expect(stage.runs()).toEqual([]);
});

it('keeps what was on its way in doubt and the rest unsent when the API goes away, and a resume settles both', async () => {
  const stage = await openStage();
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64', '1001,64', '1002,64'));
  const gate = createGate(2);
  const unlimited = {users: 10, perSecond: Infinity, perHour: Infinity};
  const before = await startSandbox({...unlimited, ...gate.options});
  const started = stage.start(runInOrder('patronages', 'pairs.csv', ...settlesLate), {api: before});
  await gate.reached();
  await before.close();
  await until(() => stage.output('journal.ndjson').includes('ECONNREFUSED'));
  await interrupt(started.child, 'SIGINT');
  expect((await started.ended).signal).toBe('SIGINT');
  expect(stage.summary().counts).toEqual(counts({created: 1, in_doubt: 1, not_started: 1}));
  expect(stage.report().map((row) => row['bulk42_attempts'])).toEqual(['1', '1', '0']);

  const {port} = new URL(before.url);
  const {uid, secret} = before;
  const after = await startSandbox({...unlimited, port: Number(port), uid, secret});
  onTestFinished(() => after.close());
  expect((await stage.cli(['resume', 'last', '--yes', ...fast], {api: after})).code).toBe(0);
  expect([...before.store.patronages.values()].map(({user_id}) => user_id)).toEqual([1000]);
  expect(
    [...after.store.patronages.values()].map(({user_id}) => user_id).sort((one, other) => one - other),
  ).toEqual([1001, 1002]);
  expect(stage.summary().counts).toEqual(counts({created: 3}));
});
