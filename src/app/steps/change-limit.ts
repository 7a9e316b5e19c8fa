import {LimitError} from '../../errors.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';

export interface ChangeLimit {
  maxChanges?: {rows: number} | {percent: number} | undefined;
}

/** @throws LimitError (exit 22) when a plan changes more than is allowed. */
export function refuseTooManyChanges(
  {counts, input}: Pick<PlanDocument, 'counts' | 'input'>,
  {maxChanges}: ChangeLimit,
): void {
  if (!maxChanges) return;
  const changes = counts.create + counts.update + counts.remove;
  const allowed = 'rows' in maxChanges ? maxChanges.rows : (input.rows * maxChanges.percent) / 100;
  if (changes <= allowed) return;
  throw new LimitError(
    `${changes} of ${input.rows} rows would be created, updated or removed, more than --max-changes allows`,
    {
      code: 'max_changes',
      hint: 'is it the right file? bulk42 plan shows what would change',
    },
  );
}
