import {UsageError} from '../errors.ts';
import {pluralize} from './print/pluralize.ts';
import type {Terminal} from './terminal.ts';

export interface Question {
  terminal: Terminal;
  yes: boolean;
  /** Rows that would be sent. */
  rows: number;
  /** Records are removed. */
  isRemoval: boolean;
  /** The number has to be typed, since people notice what is about to happen. */
  typeTheCount: boolean;
  /** Aborted when somebody ends the program, and no answer is wanted any more. */
  stop: AbortSignal;
}

/** @throws UsageError when nobody can be asked: known before anything is read or sent. */
export function requireSomebodyToAsk({terminal, yes}: Pick<Question, 'terminal' | 'yes'>): void {
  if (yes || terminal.canAsk) return;
  throw new UsageError('there is nobody to ask: this is no terminal, or the rows come from standard input', {
    code: 'nobody_to_ask',
    hint: 'look at it with bulk42 plan, then give --yes',
  });
}

/** The question before the first write. */
export async function askToSend({
  terminal,
  yes,
  rows,
  isRemoval,
  typeTheCount,
  stop,
}: Question): Promise<boolean> {
  if (yes || rows === 0) return true;
  if (typeTheCount) {
    const answer = await terminal.ask(
      `People notice this, even if it is undone. Type the number of rows (${rows}) to go on: `,
      stop,
    );
    return answer === String(rows);
  }
  const what = isRemoval ? `Remove ${pluralize(rows, 'record')}` : `Send ${pluralize(rows, 'row')}`;
  const answer = await terminal.ask(`${what}? [y/N] `, stop);
  return /^(y|yes)$/i.test(answer);
}
