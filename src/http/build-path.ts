import {BugError} from '../errors.ts';

/** Segments below `/v2`, or one of the two OAuth paths. */
export type ApiPath = readonly (string | number)[] | 'oauth/token' | 'oauth/token/info';

const segmentPattern = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * The path of an endpoint. Only letters, digits, `_` and `-` may stand in a segment: with `..`,
 * `%2f` or a slash a cell of a CSV file could name another endpoint (`encodeURIComponent('..')` is `..`).
 */
export function buildPath(path: ApiPath): string {
  if (typeof path === 'string') return path;
  for (const segment of path) {
    if (!segmentPattern.test(String(segment))) {
      throw new BugError(`a path segment holds something else than letters, digits, _ and -`, {
        code: 'bad_path',
        hint: 'please report it, with the job file',
      });
    }
  }
  return `v2/${path.join('/')}`;
}
