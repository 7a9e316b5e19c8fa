import {isProblem, type ParseContext, type Problem} from '../row.ts';
import {calendarProblem} from './calendar.ts';
import {misspelledDate, toIsoForm} from './local-date.ts';

const plainDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const momentForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?([Zz]|[Uu][Tt][Cc]|[+-]\d{2}(?::?\d{2})?))?)?$/;

/** `2004-05-17`, kept as it is; `17/05/2004` where the column's order is known. */
export function parseDate(cell: string, context: ParseContext, column: string): string | Problem {
  const iso = toIsoForm(cell, 'invalid_date', context, column);
  if (isProblem(iso)) return iso;
  const parts = plainDate.exec(iso);
  if (!parts) return misspelledDate(cell, 'invalid_date', 'a date is written YYYY-MM-DD');
  return calendarProblem(Number(parts[1]), Number(parts[2]), Number(parts[3]), 'invalid_date') ?? iso;
}

/**
 * ISO 8601, with or without time and zone, to the instant in the form the API answers: `2026-11-23T08:00:00.000Z`. Also
 * `23/11/2026 09:00` where the column's order is known.
 */
export function parseDateTime(cell: string, context: ParseContext, column: string): string | Problem {
  const iso = toIsoForm(cell, 'invalid_date_time', context, column);
  if (isProblem(iso)) return iso;
  const parts = momentForm.exec(iso);
  if (!parts) {
    return misspelledDate(
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

function problem(message: string, hint: string): Problem {
  return {code: 'invalid_date_time', message, hint};
}
