import {type CheckedInput, InvalidInputError} from '../input/prepare-input.ts';
import {renderProblems} from './print/render-problems.ts';
import type {Terminal} from './terminal.ts';

/** Shows every problem and refuses the file, unless only rows are wrong and they may be skipped. */
export function refuseInvalid(
  prepared: CheckedInput,
  args: {onInvalid: 'abort' | 'skip'; json: boolean},
  terminal: Terminal,
): void {
  if (prepared.problemCount === 0) return;
  if (!args.json) terminal.error(renderProblems(prepared.problems, prepared.problemCount, 50, terminal));
  if (prepared.input.headerProblems.length > 0 || args.onInvalid === 'abort')
    throw new InvalidInputError(prepared);
}
