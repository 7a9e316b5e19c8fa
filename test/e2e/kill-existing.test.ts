import {expect, it} from 'vitest';
import {applied, csv, openStage, outcomes} from './stage.ts';

/** With --existing send, a record like the wanted one may have been there all along: it proves nothing. */
it('does not take an older record for its own, however often a request is lost', async () => {
  const lost = {on: {method: 'POST', path: 'patronages'}, effect: 'none', answer: 'reset', times: 3} as const;
  const stage = await openStage();
  const {sandbox} = stage;
  const long = new Date(Date.now() - 3_600_000).toISOString();
  sandbox.store.patronages.insert((id) => ({
    id,
    user_id: 1000,
    godfather_id: 64,
    ongoing: true,
    created_at: long,
    updated_at: long,
  }));
  sandbox.addFault(lost);
  stage.file('pairs.csv', csv('user_id,godfather_id', '1000,64'));
  const command = ['run', 'patronages', 'pairs.csv', '--yes', '--per-second', '1000', '--settle', '0.3'];
  const first = await stage.cli([...command, '--existing', 'send']);
  expect(first).toMatchObject({code: 21, signal: null});
  expect(outcomes(stage.report())).toEqual(['in_doubt']);
  expect(applied(sandbox)).toEqual([]);

  expect(
    await stage.cli(['resume', 'last', '--yes', '--per-second', '1000', '--settle', '0.3']),
  ).toMatchObject({
    code: 0,
  });
  expect(applied(sandbox)).toHaveLength(1);
  expect(outcomes(stage.report())).toEqual(['created']);
  expect(sandbox.store.patronages.size).toBe(2);
});
