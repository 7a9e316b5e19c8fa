import type {ParseContext, Problem} from '../row.ts';

const plainDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const momentForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(?: ?([Zz]|[Uu][Tt][Cc]|[+-]\d{2}(?::?\d{2})?))?)?$/;
const otherOrder = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})(?!\d)(.*)$/;
const yearFirst = /^(\d{4})[/. -](\d{1,2})[/. -](\d{1,2})(?!\d)(.*)$/;
const timeOfDay =
  /^[Tt ,]*(\d{1,2})(?:[:hH.](\d{2})?)?(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(?:([+-]\d{1,2}(?::?\d{2})?|[Zz]|UTC)|([A-Za-z]{2,5}))?$/;

/** `2004-05-17`, kept as it is. */
export function parseDate(cell: string): string | Problem {
  const parts = plainDate.exec(cell);
  if (!parts) return misspelled(cell, 'invalid_date', 'a date is written YYYY-MM-DD');
  return calendarProblem(Number(parts[1]), Number(parts[2]), Number(parts[3]), 'invalid_date') ?? cell;
}

/** ISO 8601, with or without time and zone, to the instant in the form the API answers: `2026-11-23T08:00:00.000Z`. */
export function parseDateTime(cell: string, context: ParseContext): string | Problem {
  const parts = momentForm.exec(cell);
  if (!parts) {
    return misspelled(
      cell,
      'invalid_date_time',
      'a date-time is written 2026-11-23T09:00:00+01:00 or 2026-11-23',
    );
  }
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4] ?? 0), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  const wrongDay = calendarProblem(year, month, day, 'invalid_date_time');
  if (wrongDay) return wrongDay;
  if (hour > 23 || minute > 59 || second > 59) {
    return problem('no such time of day', 'hours go from 00 to 23, minutes and seconds from 00 to 59');
  }
  const milliseconds = parts[7] === undefined ? 0 : Number(parts[7].slice(0, 3).padEnd(3, '0'));
  const offset = parts[8] === undefined ? undefined : offsetMinutes(parts[8]);
  if (offset !== undefined && Number.isNaN(offset)) {
    return problem('no such offset from UTC', 'offsets go from -14:00 to +14:00');
  }
  if (offset === undefined && context.zone) {
    const instant = context.zone({year, month, day, hour, minute, second});
    if (instant === undefined) {
      return problem(
        'this time does not exist in the time zone',
        'clocks skip it; write another time or add an offset',
      );
    }
    return new Date(instant + milliseconds).toISOString();
  }
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  return new Date(asUtc - (offset ?? 0) * 60_000).toISOString();
}

/** Age limits in years, both inclusive, against today in UTC. */
export function ageProblem(date: string, min: number, max: number, now: Date): Problem | undefined {
  const today = now.toISOString();
  const thisYear = now.getUTCFullYear();
  const yearsAgo = (years: number) => String(thisYear - years) + today.slice(4, 10);
  if (date <= yearsAgo(min) && date >= yearsAgo(max)) return undefined;
  return {
    code: 'out_of_range',
    message: `not between ${min} and ${max} years ago`,
    hint: 'check the year',
  };
}

function offsetMinutes(zone: string): number {
  if (/^(z|utc)$/i.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function calendarProblem(year: number, month: number, day: number, code: string): Problem | undefined {
  if (year < 1900) {
    return {code, message: 'a year before 1900', hint: 'write the year with four digits, as in 2026-11-23'};
  }
  if (month < 1 || month > 12) {
    return {
      code,
      message: `there is no month ${month}`,
      hint: 'the order is year-month-day, as in 2026-11-23',
    };
  }
  const days = daysIn(year, month);
  if (day >= 1 && day <= days) return undefined;
  return {code, message: 'no such day in the calendar', hint: `this month has ${days} days`};
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Says what to write, worked out from what was written where that is possible. */
function misspelled(cell: string, code: string, message: string): Problem {
  const suggestions = suggestDates(cell, code === 'invalid_date_time');
  if (suggestions.length > 0) return {code, message, hint: `write ${suggestions.join(' or ')}`};
  if (/^\d{5}(?:[.,]\d+)?$/.test(cell)) {
    const hint = 'this is a spreadsheet’s day number: format the column as text or as YYYY-MM-DD';
    return {code, message, hint};
  }
  return {code, message, hint: 'year first, two digits each for month and day, as in 2026-11-23'};
}

function suggestDates(cell: string, isWithTime: boolean): string[] {
  const [, first, second, year, ordered] = otherOrder.exec(cell) ?? [];
  const [, ofYear, month, day, rest = ordered ?? ''] = yearFirst.exec(cell) ?? [];
  const dates = [isoDate(year, second, first), isoDate(year, first, second), isoDate(ofYear, month, day)];
  const possible = [...new Set(dates.filter((date) => date !== undefined))];
  const time = isWithTime && rest.trim() !== '' ? suggestTime(rest) : '';
  return possible.map((date) => date + time);
}

/** A time of day in the form that is read; the text as it is where it makes no time. */
function suggestTime(text: string): string {
  const [, hour, minute = '00', second, half, offset = '', zone] = timeOfDay.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23) return ` and then${text}, as in 18:00`;
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const time = ` ${String(hours).padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}${offset}`;
  return zone === undefined ? time : `${time} with an offset such as +01:00 in place of ${zone}`;
}

function isoDate(year?: string, month?: string, day?: string): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return calendarProblem(Number(year), Number(month), Number(day), '') ? undefined : date;
}

function problem(message: string, hint: string): Problem {
  return {code: 'invalid_date_time', message, hint};
}
