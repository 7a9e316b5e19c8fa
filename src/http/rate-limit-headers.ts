/** What a response tells about the limits. What is missing or no plain number is undefined. */
export interface RateLimits {
  perSecond: number | undefined;
  perHour: number | undefined;
  /** Requests of the hour that are left after this one. */
  remaining: number | undefined;
}

export function parseRateLimits(headers: Pick<Headers, 'get'>): RateLimits {
  return {
    perSecond: count(headers.get('x-secondly-ratelimit-limit'), 1),
    perHour: count(headers.get('x-hourly-ratelimit-limit'), 1),
    remaining: count(headers.get('x-hourly-ratelimit-remaining'), 0),
  };
}

/** A plain whole number of at least `min`; anything else is ignored. */
function count(value: string | null, min: number): number | undefined {
  if (value === null || !/^\d{1,9}$/.test(value.trim())) return undefined;
  const number = Number(value);
  return number >= min ? number : undefined;
}
