import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Verdict} from '../../src/api/judge-write.ts';
import {backOff, type History, maxAttempts, nextStep} from '../../src/api/retry-policy.ts';
import {ConfigurationError} from '../../src/errors.ts';

const fresh: History = {misdirected: 0, unauthorized: 0, unsent: 0, unreachableMs: 0};
const half = () => 0.5;
const minute = 60_000;

describe('after an attempt', () => {
  const settled: Verdict[] = [
    {kind: 'applied', id: 7},
    {kind: 'rejected', code: 'taken', message: 'has already been taken'},
    {kind: 'doubt', why: 'timeout', isOutage: true},
    {kind: 'stop', error: new ConfigurationError('wrong', {hint: undefined})},
  ];
  it.each(settled.map((verdict) => [verdict.kind, verdict] as const))(
    '%s: nothing is sent again',
    (_kind, verdict) => {
      expect(nextStep(verdict, {...fresh, unauthorized: 1})).toEqual({step: 'settled'});
    },
  );

  it.each<[string, Verdict, Partial<History>, ReturnType<typeof nextStep>]>([
    ['unsent, first', {kind: 'unsent', code: 'ENOTFOUND'}, {unsent: 1}, {step: 'send_again', afterMs: 500}],
    [
      'unsent, fourth',
      {kind: 'unsent', code: 'ENOTFOUND'},
      {unsent: 4, unreachableMs: minute},
      {step: 'send_again', afterMs: 4000},
    ],
    [
      'unsent, twentieth',
      {kind: 'unsent', code: 'ENOTFOUND'},
      {unsent: 20, unreachableMs: 14 * minute},
      {step: 'send_again', afterMs: 30_000},
    ],
    [
      'unsent for a quarter of an hour',
      {kind: 'unsent', code: 'ENOTFOUND'},
      {unsent: 21, unreachableMs: 15 * minute},
      {step: 'give_up'},
    ],
    [
      'refused by the limits: the limiter knows how long',
      {kind: 'rate_limited'},
      {},
      {step: 'send_again', afterMs: 0},
    ],
    [
      'unauthorized: the token waits',
      {kind: 'unauthorized'},
      {unauthorized: 2},
      {step: 'send_again', afterMs: 0},
    ],
    ['unauthorized with three tokens', {kind: 'unauthorized'}, {unauthorized: 3}, {step: 'give_up'}],
    ['turned away by a firewall: the breaker waits', {kind: 'blocked'}, {}, {step: 'send_again', afterMs: 0}],
    [
      'sent to the wrong connection',
      {kind: 'misdirected'},
      {misdirected: 1},
      {step: 'send_again', afterMs: 0},
    ],
    ['sent there too often', {kind: 'misdirected'}, {misdirected: maxAttempts}, {step: 'give_up'}],
  ])('%s', (_what, verdict, history, expected) => {
    expect(nextStep(verdict, {...fresh, ...history}, half)).toEqual(expected);
  });
});

describe('backing off', () => {
  it.each([
    [1, 999],
    [2, 1999],
    [3, 3999],
    [7, 59_999],
    [50, 59_999],
    [5000, 59_999],
  ])('before try %i waits at most %i ms', (tries, maxMs) => {
    expect(backOff(tries, () => 0.999_999)).toBe(maxMs);
    expect(backOff(tries, () => 0)).toBe(0);
  });

  it('is always a wait that a timer can keep', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 100_000}),
        fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}),
        (tries, chance) => {
          const ms = backOff(tries, () => chance);
          return Number.isInteger(ms) && ms >= 0 && ms < 60_000;
        },
      ),
    );
  });
});
