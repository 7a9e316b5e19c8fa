import {httpDate} from './retry-after.ts';

/** What an answer's headers say of the limits. What is missing or no plain number is undefined. */
export interface LimitHeaders {
  perSecond: number | undefined;
  perHour: number | undefined;
  /** Requests of the hour that are left, this one counted. */
  remaining: number | undefined;
  /** The API's clock, ms since 1970. */
  date: number | undefined;
}

export function limitHeaders(headers: Pick<Headers, 'get'>): LimitHeaders {
  return {
    perSecond: count(headers.get('x-secondly-ratelimit-limit'), 1),
    perHour: count(headers.get('x-hourly-ratelimit-limit'), 1),
    remaining: count(headers.get('x-hourly-ratelimit-remaining'), 0),
    date: httpDate(headers.get('date') ?? ''),
  };
}

/** A header that is a plain whole number of at least `least`; anything else is ignored. */
function count(value: string | null, least: number): number | undefined {
  if (value === null || !/^\d{1,9}$/.test(value.trim())) return undefined;
  const number = Number(value);
  return number >= least ? number : undefined;
}
