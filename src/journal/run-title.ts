import type {HeaderEntry} from './entry.ts';

type Header = Pick<HeaderEntry, 'job' | 'existing' | 'undoOf'>;

/** Whether the run removes records: those that another run created, or those that its rows name. */
export function isRemoval({
  existing,
  undoOf,
}: Pick<Header, 'existing'> & {undoOf?: string | undefined}): boolean {
  return undoOf !== undefined || existing === 'remove';
}

/** The job, and what else is done than to run it: `undo-patronages`, `remove-patronages`. */
export function runTitle({job, existing, undoOf}: Header): string {
  if (undoOf !== undefined) return `undo-${job}`;
  return existing === 'remove' ? `remove-${job}` : job;
}
