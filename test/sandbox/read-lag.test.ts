import {expect, it} from 'vitest';
import {openSandbox} from './open-sandbox.ts';

it('shows the records as they were before the lag: created, changed and removed ones', async () => {
  const waiting: {ms: number; run: () => void}[] = [];
  const {send, sandbox} = await openSandbox({
    readLagMs: 5000,
    after: (ms, run) => {
      waiting.push({ms, run});
      return () => undefined;
    },
  });
  const shown = async () => {
    const list = await send('GET', '/v2/patronages?filter[user_id]=46');
    return ((await list.json()) as {ongoing: boolean}[]).map(({ongoing}) => ongoing);
  };
  const catchUp = () => waiting.splice(0).forEach(({run}) => run());

  const answer = await send('POST', '/v2/patronages', {patronage: {user_id: 46, godfather_id: 64}});
  const {id} = (await answer.json()) as {id: number};
  expect(await shown()).toEqual([]);
  expect((await send('GET', `/v2/patronages/${id}`)).status).toBe(404);
  expect(waiting.map(({ms}) => ms)).toEqual([5000]);
  catchUp();
  expect(await shown()).toEqual([true]);

  // A write meets the records as they are.
  expect((await send('PUT', `/v2/patronages/${id}`, {patronage: {ongoing: false}})).status).toBe(204);
  expect(await shown()).toEqual([true]);
  catchUp();
  expect(await shown()).toEqual([false]);

  expect((await send('DELETE', `/v2/patronages/${id}`)).status).toBe(204);
  expect(sandbox.store.patronages.size).toBe(0);
  expect(await shown()).toEqual([false]);
  catchUp();
  expect(await shown()).toEqual([]);
});
