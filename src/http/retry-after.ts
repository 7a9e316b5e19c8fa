/** Some thirty years. */
const maxSeconds = 1e9;

/**
 * A `Retry-After` in milliseconds, or undefined where it is missing or makes no sense.
 *
 * Two forms are understood (RFC 9110 10.2.3): whole seconds, and a date. A date is measured against the `Date` of the
 * same response, because the clocks of the two machines need not agree. Everything else is ignored: a lenient parser
 * would read "-5" as a date of the year 2001.
 */
export function parseRetryAfter(retryAfter: string, date: string): number | undefined {
  const value = retryAfter.trim();
  // An absurdly long number is a long time. It must not be ignored.
  if (/^\d+$/.test(value)) return Math.min(Number(value), maxSeconds) * 1000;
  const until = parseHttpDate(value);
  const from = parseHttpDate(date.trim());
  if (until === undefined || from === undefined) return undefined;
  return Math.max(0, until - from);
}

/** An IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`) in milliseconds since 1970. */
export function parseHttpDate(value: string): number | undefined {
  const time = Date.parse(value);
  // The parser accepts many forms; only this one is the same when it is written again.
  return !Number.isNaN(time) && new Date(time).toUTCString() === value ? time : undefined;
}
