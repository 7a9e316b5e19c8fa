import type {Problem} from '../row.ts';

/** Why there is no such day, in words and with a hint; undefined where there is one. */
export function calendarProblem(year: number, month: number, day: number, code: string): Problem | undefined {
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
