import fc from 'fast-check';
import {expect, it} from 'vitest';
import {loadJob} from '../../src/job/load-jobs.ts';
import {keyColumns, keyOf} from '../../src/job/natural-key.ts';
import {readRow, valuesOf} from './read-csv.ts';

it('names the target by the first key that is filled', async () => {
  const job = await loadJob('user-candidatures');
  expect(keyOf(job, {id: 23, user_id: 46, pin: '1'})).toBe('id=23');
  expect(keyOf(job, {user_id: 46, pin: '1'})).toBe('user_id=46');
  expect(keyColumns(job, {id: null, user_id: 46})).toEqual(['user_id']);
  expect(keyColumns(job, {pin: '1'})).toEqual([]);
});

it('is the same for a login in any case', async () => {
  const job = await loadJob('patronages');
  const keys = ['KPedro', 'kpedro'].map((login) =>
    keyOf(job, valuesOf(readRow(job, {user_id: '3', godfather_id: login}))),
  );
  expect(keys).toEqual(['user_id=3|godfather_id=kpedro', 'user_id=3|godfather_id=kpedro']);
});

it('does not let text pass for another column', async () => {
  const job = await loadJob('closes');
  const [one, other] = [
    {user_id: 5, kind: 'a|reason=b', reason: 'c'},
    {user_id: 5, kind: 'a', reason: 'b|reason=c'},
  ].map((row) => keyOf(job, row));
  expect(one).not.toBe(other);
});

it('differs when any of its values differs, whatever the text', async () => {
  const job = await loadJob('closes');
  const text = fc.string({unit: fc.constantFrom('a', '|', '\\', '=', 'kind', 'reason=')});
  const close = fc.record({user_id: text, kind: text, reason: text});
  fc.assert(
    fc.property(close, close, (one, other) => {
      const alike = one.user_id === other.user_id && one.kind === other.kind && one.reason === other.reason;
      expect(keyOf(job, one) === keyOf(job, other)).toBe(alike);
    }),
  );
});
