import type {DateOrder, ParseContext, Problem} from '../row.ts';
import {calendarProblem} from './calendar.ts';

const localForm = /^(\d{1,2})([/. -])(\d{1,2})\2(\d{4})(?!\d)(.*)$/;
const yearFirst = /^(\d{4})[/. -](\d{1,2})[/. -](\d{1,2})(?!\d)(.*)$/;
const timeOfDay =
  /^[Tt ,]*(\d{1,2})(?:[:hH.](\d{2})?)?(?::(\d{2})((?:[.,]\d+)?))?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(?:([+-]\d{1,2}(?::?\d{2})?|[Zz]|UTC)|([A-Za-z]{2,5}))?$/;

/** What people call the orders. */
export const orderNames: Readonly<Record<DateOrder, string>> = {dmy: 'day/month/year', mdy: 'month/day/year'};

/** The ISO dates that a date such as `05/06/2026` may mean: undefined where the calendar has no such day. */
export interface LocalDate {
  dmy: string | undefined;
  mdy: string | undefined;
  /** With dots, which are always day first. */
  isDotted: boolean;
  /** What follows the date. */
  rest: string;
}

/** A date as it is written in many countries: two numbers, then the year. Undefined for any other text. */
export function readLocalDate(cell: string): LocalDate | undefined {
  const [, first, separator, second, year, rest = ''] = localForm.exec(cell) ?? [];
  if (first === undefined || separator === ' ') return undefined;
  const isDotted = separator === '.';
  return {dmy: isoDate(year, second, first), mdy: isoDate(year, first, second), isDotted, rest};
}

/** The order that one date alone proves, if it does. */
export function provenOrder({dmy, mdy, isDotted}: LocalDate): DateOrder | undefined {
  if (dmy === undefined) return mdy === undefined || isDotted ? undefined : 'mdy';
  return mdy === undefined ? 'dmy' : undefined;
}

/** A local date with its time in ISO form; any other text as it is. A problem where the order is not certain. */
export function toIsoForm(
  cell: string,
  code: string,
  context: ParseContext,
  column: string,
): string | Problem {
  const local = readLocalDate(cell);
  if (!local) return cell;
  const {dmy, mdy, isDotted, rest} = local;
  const time = suggestTime(rest);
  if (time === undefined) return cell;
  if ((dmy ?? mdy) === undefined)
    return {code, message: 'no such day in the calendar', hint: 'check it, and write it as in 2026-11-23'};
  const known = context.dateOrder?.(column);
  if (known && 'mixed' in known) {
    const hint = `write ${suggestions(cell)}, and each date of the column in this form`;
    return {code: 'ambiguous_date', message: `the column mixes two orders: ${known.mixed}`, hint};
  }
  const order = isDotted || dmy === mdy ? 'dmy' : (known?.order ?? provenOrder(local));
  if (order === undefined) {
    const hint = `--date-order dmy reads ${dmy}, --date-order mdy reads ${mdy}`;
    return {
      code: 'ambiguous_date',
      message: 'day first or month first: no date of the column shows it',
      hint,
    };
  }
  const date = local[order];
  if (date !== undefined) return date + time;
  const because = known && 'because' in known ? `, ${known.because}` : '';
  const message = isDotted
    ? 'a date with dots is day.month.year'
    : `the column is ${orderNames[order]}${because}`;
  return {code, message, hint: `write ${suggestions(cell)}`};
}

/** Tells in which way a date was read that is not written year first. */
export function dateNote(
  cell: string,
  _value: unknown,
  context: ParseContext,
  column: string,
): string | undefined {
  const local = readLocalDate(cell);
  if (!local) return undefined;
  if (local.isDotted) return 'read as day.month.year';
  const known = context.dateOrder?.(column);
  if (!known || 'mixed' in known) return undefined;
  return `read as ${orderNames[known.order]}, ${known.because}`;
}

/** Says what to write, worked out from what was written where that is possible. */
export function misspelledDate(cell: string, code: string, message: string): Problem {
  const possible = suggestions(cell, code === 'invalid_date_time');
  if (possible !== '') return {code, message, hint: `write ${possible}`};
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$/.test(cell)) {
    return {code, message, hint: 'write the year with four digits, as in 2026-11-23'};
  }
  if (/^\d{5}(?:[.,]\d+)?$/.test(cell)) {
    const hint = 'this is a spreadsheet’s day number: format the column as text or as YYYY-MM-DD';
    return {code, message, hint};
  }
  return {code, message, hint: 'year first, two digits each for month and day, as in 2026-11-23'};
}

function suggestions(cell: string, isWithTime = true): string {
  const [, first, , second, year, ordered] = localForm.exec(cell) ?? [];
  const [, ofYear, month, day, rest = ordered ?? ''] = yearFirst.exec(cell) ?? [];
  const dates = [isoDate(year, second, first), isoDate(year, first, second), isoDate(ofYear, month, day)];
  const possible = [...new Set(dates.filter((date) => date !== undefined))];
  const time = isWithTime && rest.trim() !== '' ? (suggestTime(rest) ?? ` and then${rest}, as in 18:00`) : '';
  return possible.map((date) => date + time).join(' or ');
}

/** A time of day in the form that is read, with a space before it; undefined where the text makes no time. */
function suggestTime(text: string): string | undefined {
  if (text.trim() === '') return '';
  const [, hour, minute = '00', second, fraction = '', half, offset = '', zone] = timeOfDay.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23) return undefined;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const seconds = second === undefined ? '' : `:${second}${fraction}`;
  const time = ` ${String(hours).padStart(2, '0')}:${minute}${seconds}${offset}`;
  return zone === undefined ? time : `${time} with an offset such as +01:00 in place of ${zone}`;
}

function isoDate(year?: string, month?: string, day?: string): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return calendarProblem(Number(year), Number(month), Number(day), '') ? undefined : date;
}
