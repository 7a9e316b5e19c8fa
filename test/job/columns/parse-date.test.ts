import {describe, expect, it} from 'vitest';
import {ageProblem, parseDate, parseDateTime} from '../../../src/job/columns/parse-date.ts';
import type {ParseContext} from '../../../src/job/row.ts';
import {now} from '../read-csv.ts';

/** A zone two hours ahead of UTC whose clocks skip 02:00 to 03:00 on 28 March 2027. */
const zone: ParseContext['zone'] = ({year, month, day, hour, minute, second}) =>
  month === 3 && day === 28 && hour === 2
    ? undefined
    : Date.UTC(year, month - 1, day, hour - 2, minute, second);

describe('a date-time', () => {
  it.each([
    ['2026-11-23', '2026-11-23T00:00:00.000Z'],
    ['2026-11-23T09:05', '2026-11-23T09:05:00.000Z'],
    ['2026-11-23 09:05:07', '2026-11-23T09:05:07.000Z'],
    ['2026-11-23T09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T09:00:00 -03:30', '2026-11-23T12:30:00.000Z'],
    ['2026-11-23T09:00+0545', '2026-11-23T03:15:00.000Z'],
    ['2026-11-23T00:30:00+02', '2026-11-22T22:30:00.000Z'],
    ['2017-07-22 13:43:10 UTC', '2017-07-22T13:43:10.000Z'],
    ['2017-07-22t13:43:10z', '2017-07-22T13:43:10.000Z'],
    ['2017-11-22T13:43:50.782Z', '2017-11-22T13:43:50.782Z'],
    ['2017-11-22T13:43:50.5Z', '2017-11-22T13:43:50.500Z'],
    ['2017-11-22T13:43:50.123456789Z', '2017-11-22T13:43:50.123Z'],
    ['2017-11-22 13:43:50,25', '2017-11-22T13:43:50.250Z'],
    ['23/11/2026', '2026-11-23T00:00:00.000Z'],
    ['11/23/2026', '2026-11-23T00:00:00.000Z'],
    ['23.11.2026 09:00', '2026-11-23T09:00:00.000Z'],
    ['25/09/2026 6:05:09 PM', '2026-09-25T18:05:09.000Z'],
    ['25.09.2026 9h30', '2026-09-25T09:30:00.000Z'],
    ['25/09/2026 18:00+02:00', '2026-09-25T16:00:00.000Z'],
    ['2027-02-01T08:42:00.123456Z', '2027-02-01T08:42:00.123Z'],
    ['2027-02-01 08:42:00.123456+00', '2027-02-01T08:42:00.123Z'],
    ['2027-02-01T08:42:00.9999999+02:00', '2027-02-01T06:42:00.999Z'],
    ['2027-02-01T08:42:00,120Z', '2027-02-01T08:42:00.120Z'],
    ['2027-02-01 08:42:00.1234567890123456789', '2027-02-01T08:42:00.123Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
  ])('%s is %s', (cell, instant) => {
    expect(parseDateTime(cell, {now}, 'begin_at')).toBe(instant);
  });

  it.each([
    ['2026-11-23', '2026-11-22T22:00:00.000Z'],
    ['2026-11-23 09:05:07', '2026-11-23T07:05:07.000Z'],
    ['2026-11-23T09:00:00+01:00', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23 09:00:00 UTC', '2026-11-23T09:00:00.000Z'],
  ])('%s is %s in a zone of two hours, which holds only where none is written', (cell, instant) => {
    expect(parseDateTime(cell, {now, zone}, 'begin_at')).toBe(instant);
  });

  it.each([
    ['23 11 2026', /write 2026-11-23$/],
    ['30/02/2026', /2026-11-23/],
    ['23/11/26', /four digits/],
    ['2027-02-01 8:42', /write 2027-02-01 08:42$/],
    ['2027-02-01 08:42 CET', /write 2027-02-01 08:42 with an offset such as \+01:00 in place of CET$/],
    ['25/09/2026 in the evening', /write 2026-09-25 and then in the evening/],
    ['2026/11/23', /write 2026-11-23$/],
    ['46349', /day number/],
    ['2026-02-30', /28 days/],
    ['2026-04-31T10:00:00Z', /30 days/],
    ['2100-02-29', /28 days/],
    ['2026-13-01', /year-month-day/],
    ['2026-00-10', /year-month-day/],
    ['2026-11-00', /30 days/],
    ['0026-11-23', /four digits/],
    ['2026-11-23T24:00:00', /00 to 23/],
    ['2026-11-23T10:60', /59/],
    ['2026-11-23T10:00:60Z', /59/],
    ['2026-11-23T10:00:00+15:00', /14:00/],
    ['2026-11-23T10:00:00+01:75', /14:00/],
    ['2026-11-23T10', /2026-11-23/],
    ['2026-11-23T10:00:00 CET', /2026-11-23/],
    ['2026-11-23T10:00:00Zjunk', /2026-11-23/],
    ['26-11-23', /four digits/],
    ['tomorrow', /year first/],
    ['', /year first/],
  ])('%j is refused, and the hint says what to write', (cell, hint) => {
    expect(parseDateTime(cell, {now}, 'begin_at')).toMatchObject({
      code: 'invalid_date_time',
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('is refused where the clocks of the zone skip it', () => {
    expect(parseDateTime('2027-03-28 02:30', {now, zone}, 'begin_at')).toMatchObject({
      hint: expect.stringMatching(/clocks skip/) as string,
    });
  });
});

describe('a date', () => {
  it('is kept as written', () => {
    expect(parseDate('2004-05-17', {now}, 'birth_date')).toBe('2004-05-17');
  });

  it.each(['17/05/2004', '17.5.2004', '05/17/2004'])('%s has one meaning', (cell) => {
    expect(parseDate(cell, {now}, 'birth_date')).toBe('2004-05-17');
  });

  it.each(['2004-05-17T00:00', '2004-5-17', '17/05/2004 09:00', '2003-02-29', '2004-05-17 ', ' 2004-05-17'])(
    '%j is refused',
    (cell) => {
      expect(parseDate(cell, {now}, 'birth_date')).toMatchObject({code: 'invalid_date'});
    },
  );

  it.each([
    ['2013-11-23', true],
    ['2013-11-24', false],
    ['1927-11-23', true],
    ['1927-11-22', false],
  ])('%s fits 13 to 99 years: %s', (date, fits) => {
    expect(ageProblem(date, 13, 99, now) === undefined).toBe(fits);
  });

  it.each([
    // Thirteen years before a 29 February is a day that does not exist: those born on 28 February are old enough.
    ['2011-02-28', true],
    ['2011-03-01', false],
  ])('%s fits on a leap day: %s', (date, fits) => {
    expect(ageProblem(date, 13, 99, new Date('2024-02-29T12:00:00Z')) === undefined).toBe(fits);
  });
});
