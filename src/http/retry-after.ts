/** Seconds; some thirty years. */
const longest = 1e9;

/**
 * The `Retry-After` of an answer in milliseconds, or undefined where it is missing or makes no sense.
 *
 * Two forms are understood (RFC 9110 10.2.3): whole seconds, and a date, which is measured against the
 * answer's own `Date` because the two machines' clocks need not agree. Everything else is ignored: a lenient
 * parser would read "-5" as a date of the year 2001.
 */
export function retryAfter(headers: Pick<Headers, 'get'>): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  // However many digits: an absurd number is a long time, and not something to be ignored.
  if (/^\d+$/.test(value)) return Math.min(Number(value), longest) * 1000;
  const until = httpDate(value);
  const from = httpDate(headers.get('date')?.trim() ?? '');
  if (until === undefined || from === undefined) return undefined;
  return Math.max(0, until - from);
}

/** An IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`) in milliseconds since 1970. */
export function httpDate(value: string): number | undefined {
  const time = Date.parse(value);
  // The parser takes much for a date; only this form survives being written again.
  return !Number.isNaN(time) && new Date(time).toUTCString() === value ? time : undefined;
}
