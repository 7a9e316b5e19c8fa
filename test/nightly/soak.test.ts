import {expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from '../e2e/stage.ts';

const rows = 1200;

/** What an API does on a bad day, in shares of all writes. */
function badDay(seed: number): Fault[] {
  const shares: (Omit<Fault, 'effect'> & {effect?: Fault['effect']; share: number})[] = [
    {share: 0.02, answer: '429', retryAfter: '0'},
    {share: 0.005, answer: '500', effect: 'before'},
    {share: 0.005, answer: '500'},
    {share: 0.005, answer: '502'},
    {share: 0.005, answer: '503'},
    {share: 0.004, answer: '504', effect: 'late', lateMs: 1500},
    {share: 0.001, answer: '504'},
    {share: 0.005, answer: 'reset', effect: 'before'},
    {share: 0.005, answer: 'reset'},
    {share: 0.005, answer: 'fin', effect: 'late', lateMs: 800},
    {share: 0.002, answer: 'hang', effect: 'before'},
    {share: 0.002, answer: 'truncated', effect: 'before'},
    {share: 0.001, answer: '401'},
    {share: 0.0005, answer: 'html-200'},
    {share: 0.001, answer: 'bad-json', effect: 'before'},
    {share: 0.001, answer: 'empty-201', effect: 'before'},
  ];
  return shares.map(({share, effect = 'none', ...fault}, at) => ({
    ...fault,
    effect,
    on: {method: 'POST', path: 'patronages'},
    chance: share,
    seed: seed * 100 + at,
  }));
}

it.each([1, 2, 3, 4, 5])(
  'a bad day (seed %i) leaves every row applied once and reported so',
  async (seed) => {
    const sandbox = {latencyMs: 3, faults: badDay(seed)};
    const shape = ['--timeout', '3'];
    const trial = await openTrial(scenarios.listable, {rows, sandbox, settle: 4, concurrency: 4, shape});
    for (let more = 0; more < 5; more++) if ((await trial.go()).code === 0) break;
    const {violations, counts, duplicates} = await trial.check(true);
    expect({seed, violations, duplicates}).toEqual({seed, violations: [], duplicates: 0});
    expect(counts.created).toBe(rows);
    expect(applied(trial.stage.sandbox)).toHaveLength(rows);
  },
);
