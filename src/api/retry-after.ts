/**
 * The `Retry-After` of an answer in milliseconds, or undefined where it is missing or makes no sense.
 *
 * Two forms are understood (RFC 9110 10.2.3): whole seconds, and a date, which is measured against the
 * answer's own `Date` because the two machines' clocks need not agree. Everything else is ignored: a lenient
 * parser would read "-5" as a date of the year 2001.
 */
export function retryAfter(headers: Pick<Headers, 'get'>): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,15}$/.test(value)) return Number(value) * 1000;
  const until = httpDate(value);
  const from = httpDate(headers.get('date')?.trim() ?? '');
  if (until === undefined || from === undefined) return undefined;
  return Math.max(0, until - from);
}

/** An IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`) in milliseconds since 1970. */
export function httpDate(value: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
