import type {Question} from '../app/run-io.ts';
import {pluralize} from '../pluralize.ts';
import type {Terminal} from './terminal.ts';

/** The question before the first write. Aborted when the person ends the program instead. */
export async function ask(
  {rows, isRemoval, typeTheCount}: Question,
  terminal: Pick<Terminal, 'ask'>,
  stop: AbortSignal,
): Promise<boolean> {
  if (typeTheCount) {
    const question = `People notice this, even if it is undone. Type the number of rows (${rows}) to go on: `;
    return (await terminal.ask(question, stop)) === String(rows);
  }
  const what = isRemoval ? `Remove ${pluralize(rows, 'record')}` : `Send ${pluralize(rows, 'row')}`;
  for (let question = `${what}? [y/N] `; ; question = `Please answer y or n. ${what}? [y/N] `) {
    const answer = await terminal.ask(question, stop);
    if (/^(y|yes)$/i.test(answer)) return true;
    if (/^(n|no)?$/i.test(answer)) return false;
  }
}
