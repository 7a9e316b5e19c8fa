import {expect, it} from 'vitest';
import {
  ConfigurationError,
  DiskError,
  LimitError,
  LockedError,
  RefusedError,
  TemporaryError,
} from '../src/errors.ts';
import {noCounts} from '../src/outcome.ts';
import {exitCodeOf, moreSevere} from '../src/exit-code.ts';

it.each([
  ['all is done', {created: 3, updated: 1, unchanged: 2}, undefined, undefined, 0],
  ['there were no rows', {}, undefined, undefined, 0],
  ['a row failed', {created: 3, failed: 1}, undefined, undefined, 20],
  ['a row is invalid', {created: 3, invalid: 1}, undefined, undefined, 20],
  ['a row was not started', {created: 3, not_started: 1}, undefined, undefined, 20],
  ['a row is in doubt, others failed', {failed: 2, in_doubt: 1}, undefined, undefined, 21],
  ['the time was over, rows are left', {failed: 1, not_started: 1}, undefined, 'until', 75],
  ['the time was over, a row is in doubt', {in_doubt: 1}, undefined, 'until', 75],
  ['the requests were used up', {not_started: 1}, undefined, 'max_requests', 75],
  ['the time was over as the last row ended', {created: 1}, undefined, 'until', 0],
  ['the requests were used up by the last row, which failed', {failed: 1}, undefined, 'max_requests', 20],
  ['Ctrl-C, a row is in doubt', {in_doubt: 1, not_started: 1}, undefined, 'SIGINT', 130],
  ['a TERM when all was done', {created: 1}, undefined, 'SIGTERM', 143],
  ['the terminal was closed', {not_started: 1}, undefined, 'SIGHUP', 129],
  ['the disk is full, whatever else', {in_doubt: 1}, new DiskError('full', {hint: undefined}), 'SIGINT', 74],
  [
    'the API refuses the application',
    {not_started: 1},
    new RefusedError('no', {hint: undefined}),
    'until',
    77,
  ],
  ['something broke', {created: 1}, new TypeError('x'), 'SIGTERM', 70],
  ['something broke that is no error', {created: 1}, null, undefined, 70],
])('%s', (_, counts, failure, stopReason, code) => {
  expect(exitCodeOf({...noCounts(), ...counts}, failure, stopReason)).toBe(code);
});

it('of several failures the most severe counts, whichever came first', () => {
  const falling = [
    new DiskError('full', {hint: undefined}),
    new TypeError('a bug'),
    new RefusedError('no', {hint: undefined}),
    new ConfigurationError('redirected', {hint: undefined}),
    new TemporaryError('down', {hint: undefined}),
    new LimitError('too many', {hint: undefined}),
    new LockedError('taken over', {hint: undefined}),
  ];
  for (const [at, heavy] of falling.entries()) {
    expect(moreSevere(undefined, heavy)).toBe(heavy);
    for (const light of falling.slice(at)) {
      expect(moreSevere(heavy, light)).toBe(heavy);
      expect(moreSevere(light, heavy)).toBe(heavy);
    }
  }
});
