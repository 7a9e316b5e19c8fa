import {UsageError} from '../errors.ts';
import type {RunIo} from './run-io.ts';

/** @throws UsageError when the question could not be answered: noticed before anything is read from the API. */
export function requireAnswer({canConfirm}: Pick<RunIo, 'canConfirm'>): void {
  if (canConfirm) return;
  throw new UsageError(
    'the question cannot be asked: this is no terminal or CI, or the rows come from standard input',
    {
      code: 'nobody_to_ask',
      hint: 'look at it with bulk42 plan, then give --yes',
    },
  );
}
