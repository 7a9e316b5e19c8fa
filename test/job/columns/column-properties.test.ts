import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Column} from '../../../src/job/columns/column.ts';
import {
  boolean,
  countryCode,
  date,
  dateTime,
  email,
  file,
  flag,
  id,
  integer,
} from '../../../src/job/columns/columns.ts';
import {month, oneOf, secretText, text, user, year} from '../../../src/job/columns/columns.ts';
import {isProblem} from '../../../src/job/row.ts';
import {now} from '../read-csv.ts';

const parse = (column: Column, cell: string) => column.kind.parse(cell, {now}, 'x');
const day = fc
  .date({min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true})
  .map((moment) => moment.toISOString().slice(0, 10));

describe('what is written is read back', () => {
  it('whole numbers', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => parse(integer('i'), String(n)) === n));
  });

  it('ids of users, and logins in any case', () => {
    const login = fc.stringMatching(/^[a-z][a-z0-9._-]{0,40}$/);
    fc.assert(fc.property(fc.integer({min: 1}), (n) => parse(user('u'), String(n)) === n));
    fc.assert(
      fc.property(login, (name) => {
        expect(parse(user('u'), name)).toBe(name);
        expect(parse(user('u'), name.toUpperCase())).toBe(name);
      }),
    );
  });

  it('moments, with any offset', () => {
    const moment = fc.date({min: new Date('1900-01-03'), max: new Date('2999-12-29'), noInvalidDate: true});
    const offset = fc.integer({min: -14 * 60, max: 14 * 60});
    fc.assert(
      fc.property(moment, offset, (instant, minutes) => {
        const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(minutes);
        const digits = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
        const zone = (minutes < 0 ? '-' : '+') + digits.join(':');
        expect(parse(dateTime('d'), local + zone)).toBe(instant.toISOString());
      }),
    );
  });

  it('days', () => {
    fc.assert(fc.property(day, (written) => parse(date('d'), written) === written));
  });

  it('text without control characters', () => {
    const plain = fc.string({unit: 'grapheme', minLength: 1});
    fc.assert(fc.property(plain, (written) => parse(text('t'), written) === written));
  });
});

describe('no cell at all', () => {
  const columns: Record<string, Column> = {
    user: user('u'),
    id: id('i'),
    text: text('t'),
    secret: secretText('s'),
    boolean: boolean('b'),
    flag: flag('f'),
    date: date('d', {min: 13, max: 99}),
    dateTime: dateTime('d'),
    oneOf: oneOf('o', ['a', 'aa']),
    country: countryCode('c'),
    email: email('e'),
    month: month('m'),
    year: year('y'),
    file: file('f', {minBytes: 1, maxBytes: 2, types: []}),
  };
  const cell = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.string(),
    day,
    fc.stringMatching(/^[0-9a-z@.:/+-]{1,20}$/),
  );

  it.each(Object.entries(columns))('makes %s throw, or its message repeat the cell', (_, column) => {
    fc.assert(
      fc.property(cell, (written) => {
        const parsed = parse(column, written);
        if (isProblem(parsed) && written.length > 8) expect(parsed.message).not.toContain(written);
        expect(isProblem(parsed) || ['string', 'number', 'boolean', 'object'].includes(typeof parsed)).toBe(
          true,
        );
      }),
    );
  });

  const hundredKilobytes = 100_000;
  const hostile = ['a', 'a@', '1', ' ', '1,', 'a.', 'é', '-', '2026-', '1 234', '@a.', 'a-'];
  it.each(Object.entries(columns))(
    'costs %s more than reading it, however long',
    (_, column) => {
      // Quadratic work over 100 KB takes far longer than the runner lets a test run; linear work takes nothing.
      for (const piece of hostile) {
        const long = piece.repeat(Math.ceil(hundredKilobytes / piece.length));
        const parsed = parse(column, long);
        expect(isProblem(parsed) ? parsed.hint.length + parsed.message.length : 0).toBeLessThan(1500);
      }
    },
    5000,
  );
});
