import {shellQuote} from '../../shell-quote.ts';
import type {Terminal} from '../terminal.ts';

/** Options that only say how a plan or a check is shown. */
const flags = new Set(['--all', '--json', '--quiet', '-q']);
const withValue = new Set(['--html', '--save']);

/** The command of this process as it would be typed with another name: `plan` as `run`. */
export function asCommand(name: string, {commandLine}: Pick<Terminal, 'commandLine'>): string {
  const words: string[] = [];
  let isNamed = false;
  for (let at = 0; at < commandLine.length; at++) {
    const word = commandLine[at] ?? '';
    if (flags.has(word) || [...withValue].some((option) => word.startsWith(`${option}=`))) continue;
    if (withValue.has(word)) at++;
    else if (!isNamed && (word === 'plan' || word === 'validate')) {
      isNamed = true;
      words.push(name);
    } else words.push(word);
  }
  return ['bulk42', ...words.map(shellQuote)].join(' ');
}
