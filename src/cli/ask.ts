import type {Question} from '../app/run-io.ts';
import {pluralize} from '../pluralize.ts';
import type {Terminal} from './terminal.ts';

/** The question before the first write. Aborted when the person ends the program instead. */
export async function ask(
  {rows, isRemoval, typed}: Question,
  terminal: Pick<Terminal, 'ask'>,
  stop: AbortSignal,
): Promise<boolean> {
  if (typed) {
    const question = `${typed.why}. Type the number of ${typed.of} (${typed.number}) to go on: `;
    return (await terminal.ask(question, stop)).replaceAll(/[\s,]/g, '') === String(typed.number);
  }
  const what = isRemoval ? `Remove ${pluralize(rows, 'record')}` : `Send ${pluralize(rows, 'row')}`;
  return askYesOrNo(what, terminal, stop);
}

/** Asks again after an answer that is neither. */
export async function askYesOrNo(
  what: string,
  terminal: Pick<Terminal, 'ask'>,
  stop: AbortSignal,
): Promise<boolean> {
  for (let question = `${what}? [y/N] `; ; question = `Please answer y or n. ${what}? [y/N] `) {
    const answer = await terminal.ask(question, stop);
    if (/^(y|yes)$/i.test(answer)) return true;
    if (/^(n|no)?$/i.test(answer)) return false;
  }
}
