import type {HttpResult} from '../../http/http-result.ts';
import {limitHeaders} from '../../http/limit-headers.ts';
import {maxRetryAfterMs, rateLimited} from '../rate-limited.ts';
import {retryAfter} from '../../http/retry-after.ts';
import type {News} from './budget-call.ts';

/**
 * What the others should know of an answer that came at `redisTime`, by Redis' clock.
 *
 * @throws TemporaryError where the API asks to be left alone for longer than a run waits
 */
export function newsOf(id: string, exchange: HttpResult, redisTime: number, random = Math.random): News {
  if (exchange.kind === 'lost') return {id, kind: exchange.sent ? 'ended' : 'unsent'};
  const {headers, status} = exchange;
  const {perSecond, perHour, remaining, date} = limitHeaders(headers);
  const said = {
    id,
    limit: perHour,
    left: remaining,
    per_second: perSecond,
    ahead: date === undefined ? undefined : Math.round(date - redisTime),
  };
  // A proxy's error page does not show that there is room.
  if (status !== 429) return {...said, kind: status >= 500 && remaining === undefined ? 'ended' : 'worked'};
  const retry = retryAfter(headers);
  if (retry !== undefined && retry > maxRetryAfterMs) throw rateLimited({forMs: retry});
  return {...said, kind: 'refused', retry, jitter: random() * 250};
}
