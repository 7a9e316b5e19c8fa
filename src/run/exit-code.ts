import {Bulk42Error} from '../errors.ts';
import type {Counts} from '../outcome.ts';

/** What stopped a run from outside, and the code that stands for it. */
const outsideCodes: Readonly<Record<string, number>> = {until: 75, max_requests: 75};

/**
 * The exit code of a run. What ended it early weighs more than how its rows ended; signals are not here, since a
 * process ended by one has no code of its own.
 */
export function exitCodeOf(counts: Counts, failure: unknown, stopReason: string | undefined): number {
  if (failure instanceof Bulk42Error) return failure.exitCode;
  if (failure !== undefined) return 70;
  const outside = outsideCodes[stopReason ?? ''];
  if (outside !== undefined && counts.not_started + counts.in_doubt > 0) return outside;
  if (counts.in_doubt > 0) return 21;
  if (counts.failed + counts.invalid + counts.not_started > 0) return 20;
  return 0;
}
