import type {HttpResult} from '../http/http-result.ts';
import type {Outcome} from './limit-call.ts';

const maxJitterMs = 250;

/** What the result of a request shows of the limits. */
export function toOutcome(result: HttpResult, random: () => number): Outcome {
  const jitterMs = random() * maxJitterMs;
  if (result.kind === 'noResponse') return {kind: result.sent ? 'unknown' : 'unsent', jitterMs};
  const {status, rateLimits, retryAfterMs, dateMs: apiTime} = result;
  const known = {...rateLimits, apiTime, jitterMs};
  if (status === 429) return {...known, kind: 'refused', retryAfterMs};
  // A proxy's error page does not show that there was room.
  return {...known, kind: status >= 500 && rateLimits.remaining === undefined ? 'unknown' : 'worked'};
}
