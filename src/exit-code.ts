import {Bulk42Error} from './errors.ts';
import {type Counts, countOf, pendingOutcomes, retriedOutcomes} from './outcome.ts';

/** Reasons to stop a run that are no failure, and their exit codes. */
const stopCodes: Readonly<Record<string, number>> = {until: 75, max_requests: 75};

/** A process that a signal ended has no exit code: these are the shells' numbers for it. */
const signalCodes: Readonly<Record<string, number>> = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143};

/** Exit codes of what ends a run, the most severe last; others are less severe. */
const bySeverity = [22, 75, 78, 77, 70, 74];

/** Of two errors of one run, the one to show. */
export function moreSevere(one: Error | undefined, other: Error): Error {
  return one === undefined || severityOf(other) > severityOf(one) ? other : one;
}

function severityOf(error: Error): number {
  return bySeverity.indexOf(codeOf(error));
}

function codeOf(failure: unknown): number {
  return failure instanceof Bulk42Error ? failure.exitCode : 70;
}

/** The exit code of a run. What ended it early is more severe than how its rows ended. */
export function exitCodeOf(counts: Counts, failure: unknown, stopReason: string | undefined): number {
  if (failure !== undefined) return codeOf(failure);
  const stopCode = stopCodes[stopReason ?? ''];
  if (stopCode !== undefined && countOf(counts, pendingOutcomes) > 0) return stopCode;
  const signal = signalCodes[stopReason ?? ''];
  if (signal !== undefined) return signal;
  if (counts.in_doubt > 0) return 21;
  if (countOf(counts, retriedOutcomes) > 0) return 20;
  return 0;
}
