import {isSameApi} from '../api/canonical-url.ts';
import type {HeaderEntry, RowShapingOptions} from '../journal/entry.ts';
import type {Replayed} from '../journal/replay.ts';
import {isRemoval} from '../journal/run-title.ts';
import type {RunDirectory} from './run-directory.ts';

export interface KnownRun {
  directory: RunDirectory;
  replayed: Replayed;
}

/** Something is left that a resume would take up: rows, or ids that were not read before the process ended. */
export function hasRowsLeft({states, state}: Replayed): boolean {
  const {counts, createdWithoutId} = states;
  return counts.not_started + counts.in_doubt > 0 || (state !== 'finished' && createdWithoutId.size > 0);
}

/** It left rows, or ended before it could say that none are left. */
export function isUnfinished(replayed: Replayed): boolean {
  return replayed.state !== 'finished' || hasRowsLeft(replayed);
}

/** What makes two runs the same work: job, bytes of the file, API, the options that shape its rows, and whether they are removed. */
export interface Work {
  job: string;
  sha256: string;
  baseUrl: string;
  shape: RowShapingOptions;
  existing: HeaderEntry['existing'];
}

export function isSameWork(header: HeaderEntry, work: Work): boolean {
  return (
    header.undoOf === undefined &&
    isRemoval(header) === isRemoval(work) &&
    header.job === work.job &&
    header.input.sha256 === work.sha256 &&
    isSameApi(header.baseUrl, work.baseUrl) &&
    canonical(header.shape) === canonical(work.shape)
  );
}

/** Equal text for equal options, whatever order they were given in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
