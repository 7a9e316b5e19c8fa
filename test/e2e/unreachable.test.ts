import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {csv, errorOf, fast, interrupt, openStage, until} from './stage.ts';

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
