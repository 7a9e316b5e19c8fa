import {Bulk42Error} from '../../errors.ts';
import {InvalidInputError} from '../../input/prepare-input.ts';
import {shellQuote} from '../../shell-quote.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';
import {jsonDocument} from './json-document.ts';

/** What happened and what to do next: two lines for people, or one JSON document. Gives the exit code. */
export function renderError(error: unknown, terminal: Terminal, asJson: boolean): number {
  const known = error instanceof Bulk42Error;
  const exitCode = known ? error.exitCode : 70;
  // A foreign error's text may carry headers or bodies, so of those only the name is shown.
  const message = known
    ? error.message
    : `a bug: ${error instanceof Error ? error.name : 'unknown'}${placeOf(error)}`;
  const hint = known ? hintOf(error, terminal) : 'please report it, with the command and run.log';
  const code = known ? error.code : 'bug';
  if (asJson) {
    terminal.result(jsonDocument({error: {code, exitCode, message, hint}}));
  } else {
    const {red, bold, dim} = terminal.colors;
    terminal.error(`${bold(red('error:'))} ${escapeControlCharacters(message)}`);
    if (hint) terminal.error(`${dim('  →')} ${escapeControlCharacters(hint)}`);
  }
  return exitCode;
}

/** The command of this process with more options, to be pasted. */
export function commandWith(options: string, {commandLine}: Terminal): string {
  return `bulk42 ${commandLine.map(shellQuote).join(' ')} ${options}`;
}

function hintOf(error: Bulk42Error, terminal: Terminal): string {
  const isMisfit = error instanceof InvalidInputError && error.proposal !== undefined;
  return isMisfit ? commandWith(error.proposal, terminal) : (error.hint ?? '');
}

function placeOf(error: unknown): string {
  const frame = error instanceof Error ? /\bat .*?([\w.-]+\.[jt]s:\d+:\d+)/.exec(error.stack ?? '') : null;
  return frame ? ` at ${frame[1]}` : '';
}
