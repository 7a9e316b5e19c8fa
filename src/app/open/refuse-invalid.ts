import {type CheckedInput, InvalidInputError} from '../../input/prepare-input.ts';
import type {RunIo} from '../run-io.ts';
import type {RowDecisions} from '../run-spec.ts';

/** Shows every problem and refuses the file, unless only rows are wrong and they may be skipped. */
export function refuseInvalid(
  prepared: CheckedInput,
  {onInvalid}: Pick<RowDecisions, 'onInvalid'>,
  io: Pick<RunIo, 'problems'>,
): void {
  if (prepared.problemCount === 0) return;
  io.problems(prepared);
  if (prepared.input.headerProblems.length > 0 || onInvalid === 'abort')
    throw new InvalidInputError(prepared);
}
