import {UsageError} from '../errors.ts';
import type {Terminal} from './terminal.ts';

export interface Question {
  terminal: Terminal;
  yes: boolean;
  /** Requests that would be sent. */
  writes: number;
  /** The number has to be typed, since what is about to happen cannot be taken back. */
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
export async function askToSend({terminal, yes, writes, typeTheCount, stop}: Question): Promise<boolean> {
  if (yes || writes === 0) return true;
  if (typeTheCount) {
    const answer = await terminal.ask(
      `This cannot be taken back quietly. Type the number of rows (${writes}) to send them: `,
      stop,
    );
    return answer === String(writes);
  }
  const answer = await terminal.ask(`Send ${writes} request${writes === 1 ? '' : 's'}? [y/N] `, stop);
  return /^(y|yes)$/i.test(answer);
}
