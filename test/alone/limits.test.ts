import {expect, it} from 'vitest';
import {applied, csv, openStage} from '../e2e/stage.ts';

// The API counts arrivals, and a loaded machine can make two of them arrive closer together than they left. A client
// that does not keep its distance fails every time.
it('sends 40 rows at two requests a second without a refusal', {retry: 2, timeout: 120_000}, async () => {
  const stage = await openStage({perSecond: 2, perHour: 1200});
  const rows = Array.from({length: 40}, (_, at) => `${1000 + at},64`);
  stage.file('pairs.csv', csv('user_id,godfather_id', ...rows));

  const {code} = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes']);

  const {ledger} = stage.sandbox;
  expect(code).toBe(0);
  expect(ledger.filter(({status}) => status === 429)).toEqual([]);
  expect(applied(stage.sandbox)).toHaveLength(40);
  const arrivals = ledger.map(({at}) => at);
  const spans = arrivals.slice(2).map((at, n) => at - (arrivals[n] ?? 0));
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(985);
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeLessThanOrEqual(22_000);
});
