import type {HttpResponse, RateLimits} from './http-result.ts';
import {parseJson} from './parse-json.ts';
import {parseHttpDate, parseRetryAfter} from './retry-after.ts';

/**
 * The one place that reads headers and body of a response.
 *
 * @param body undefined where it did not arrive whole
 */
export function parseResponse(
  status: number,
  headers: Pick<Headers, 'get'>,
  body: string | undefined,
): HttpResponse {
  const contentType = headers.get('content-type') ?? '';
  const date = headers.get('date') ?? '';
  return {
    kind: 'response',
    status,
    isComplete: body !== undefined,
    // By the content type first: a proxy's page is never parsed.
    json: body !== undefined && /\bjson\b/i.test(contentType) ? parseJson(body) : undefined,
    isPage: /\bhtml\b/i.test(contentType),
    rateLimits: parseRateLimits(headers),
    retryAfterMs: parseRetryAfter(headers.get('retry-after') ?? '', date),
    dateMs: parseHttpDate(date),
    runtimeMs: milliseconds(headers.get('x-runtime')),
    pageSize: wholeNumber(headers.get('x-per-page')),
    total: wholeNumber(headers.get('x-total')),
    application: headers.get('x-application-name') ?? undefined,
    roles: headers.get('x-application-roles') ?? undefined,
    location: headers.get('location') ?? undefined,
    authenticate: headers.get('www-authenticate') ?? '',
  };
}

function milliseconds(seconds: string | null): number | undefined {
  return seconds !== null && /^\d+(\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

function parseRateLimits(headers: Pick<Headers, 'get'>): RateLimits {
  return {
    perSecond: wholeNumber(headers.get('x-secondly-ratelimit-limit'), 1),
    perHour: wholeNumber(headers.get('x-hourly-ratelimit-limit'), 1),
    remaining: wholeNumber(headers.get('x-hourly-ratelimit-remaining')),
  };
}

/** Of at least `min`; anything else is ignored. */
function wholeNumber(value: string | null, min = 0): number | undefined {
  if (value === null || !/^\d{1,9}$/.test(value)) return undefined;
  return Number(value) >= min ? Number(value) : undefined;
}
