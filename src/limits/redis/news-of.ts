import type {HttpResult} from '../../http/http-result.ts';
import {maxRetryAfterMs, rateLimited} from '../rate-limited.ts';
import type {News} from './budget-call.ts';

/**
 * What the others should know of an answer that came at `redisTime`, by Redis' clock.
 *
 * @throws TemporaryError where the API asks to be left alone for longer than a run waits
 */
export function newsOf(id: string, result: HttpResult, redisTime: number, random = Math.random): News {
  if (result.kind === 'noResponse') return {id, kind: result.sent ? 'ended' : 'unsent'};
  const {status, rateLimits, retryAfterMs: retry, dateMs} = result;
  const {perSecond, perHour, remaining} = rateLimits;
  const said = {
    id,
    limit: perHour,
    left: remaining,
    per_second: perSecond,
    ahead: dateMs === undefined ? undefined : Math.round(dateMs - redisTime),
  };
  // A proxy's error page does not show that there is room.
  if (status !== 429) return {...said, kind: status >= 500 && remaining === undefined ? 'ended' : 'worked'};
  if (retry !== undefined && retry > maxRetryAfterMs) throw rateLimited({forMs: retry});
  return {...said, kind: 'refused', retry, jitter: random() * 250};
}
