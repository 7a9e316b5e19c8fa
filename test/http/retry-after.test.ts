import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseResponse} from '../../src/http/parse-response.ts';
import {parseHttpDate, parseRetryAfter} from '../../src/http/retry-after.ts';

const at = 'Mon, 23 Nov 2026 08:42:00 GMT';
const read = (value: string, date = at) => parseRetryAfter(value, date);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    ['  37 ', 37_000],
    ['3600', 3_600_000],
    ['007', 7000],
  ])('in seconds: %j', (value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it.each([
    ['Mon, 23 Nov 2026 08:42:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 1_080_000],
    ['Mon, 23 Nov 2026 08:41:00 GMT', 0],
  ])('as a date, by the clock of the response: %s', (value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it('as a date is of no use without the clock of the response', () => {
    expect(read('Mon, 23 Nov 2026 08:42:30 GMT', 'yesterday')).toBeUndefined();
    expect(read('Mon, 23 Nov 2026 08:42:30 GMT', '')).toBeUndefined();
  });

  it.each([
    '-5',
    '+5',
    '1.5',
    '0x10',
    '1e3',
    '',
    ' ',
    'abc',
    '5s',
    '5, 10',
    'NaN',
    'Infinity',
    '٥',
    '１０',
    '2026-11-23',
    '2026-11-23T08:42:30Z',
    'Monday, 23-Nov-26 08:42:30 GMT',
    'Mon Nov 23 08:42:30 2026',
    'Mon, 23 Nov 2026 08:42:30 +0100',
    'Mon, 31 Feb 2026 08:42:30 GMT',
    'Sun, 23 Nov 2026 08:42:30 GMT',
    'Invalid Date',
  ])('that makes no sense is ignored: %j', (value) => {
    expect(read(value)).toBeUndefined();
  });

  it('that is missing is missing', () => {
    expect(parseResponse(429, new Headers(), '').retryAfterMs).toBeUndefined();
  });

  it('of absurd length is a very long time, and no timer that fires at once', () => {
    for (const value of ['9999999999', '9'.repeat(20), '9'.repeat(400)]) {
      const ms = read(value);
      expect(ms).toBeGreaterThan(24 * 3_600_000);
      expect(Number.isSafeInteger(ms)).toBe(true);
    }
  });

  it('whatever is written, is a number of milliseconds from 0 on or nothing', () => {
    const values = fc.oneof(
      fc.string({unit: 'grapheme'}),
      fc.double().map(String),
      fc.date({noInvalidDate: true}).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(values, values, (value, date) => {
        const ms = read(value, date);
        return ms === undefined || (Number.isSafeInteger(ms) && ms >= 0);
      }),
    );
  });

  it('reads its own dates back', () => {
    const seconds = fc.integer({min: 0, max: 4_000_000_000});
    fc.assert(
      fc.property(
        seconds,
        (second) => parseHttpDate(new Date(second * 1000).toUTCString()) === second * 1000,
      ),
    );
  });
});
