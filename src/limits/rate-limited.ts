import {TemporaryError} from '../errors.ts';

/** A Retry-After above this ends a run instead of being waited for. In milliseconds. */
export const maxRetryAfterMs = 3_900_000;
/** So many 429s without a success end a run. */
export const maxRefusals = 20;

/** What ends a run when the API goes on refusing it (exit 75). */
export function rateLimited(refused: {inARow: number} | {forMs: number}): TemporaryError {
  const what =
    'inARow' in refused
      ? `refused ${refused.inARow} requests in a row (429)`
      : `asks to wait ${Math.ceil(refused.forMs / 60_000)} minutes`;
  return new TemporaryError(`the API ${what}`, {
    code: 'rate_limited',
    hint: 'something else may be using up the limits of this application; resume later',
  });
}
