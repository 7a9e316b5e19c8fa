import {BugError} from '../errors.ts';

const segmentPattern = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * The path of an endpoint from its segments. Only letters, digits, `_` and `-` may stand in a segment: with `..`,
 * `%2f` or a slash a cell of a CSV file could name another endpoint (`encodeURIComponent('..')` is `..`).
 */
export function buildPath(segments: readonly (string | number)[]): string {
  for (const segment of segments) {
    if (!segmentPattern.test(String(segment))) {
      throw new BugError(`a path segment holds something else than letters, digits, _ and -`, {
        code: 'bad_path',
        hint: 'please report it, with the job file',
      });
    }
  }
  return `v2/${segments.join('/')}`;
}
