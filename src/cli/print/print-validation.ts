import type {CheckedInput} from '../../input/prepare-input.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters, toPrintableJson} from './escape-control-characters.ts';
import {renderProblems} from './render-problems.ts';

/** Every problem of a file, or the first 50 of them, and whether it is valid. */
export function printValidation(
  {checked: {rows, invalid}, problems, problemCount, input, warnings}: CheckedInput,
  {json, quiet, all}: {json: boolean; quiet: boolean; all: boolean},
  terminal: Terminal,
): void {
  const valid = problemCount === 0;
  if (json) return terminal.result(toPrintableJson({valid, rows, invalid, problems}, 2));
  if (valid && quiet) return;
  for (const warning of warnings) terminal.error(escapeControlCharacters(warning));
  if (valid) return terminal.result(`${pluralize(rows, 'row')} ${rows === 1 ? 'is' : 'are'} valid`);
  terminal.result(renderProblems(problems, problemCount, all ? Infinity : 50, terminal));
  const what =
    input.headerProblems.length > 0
      ? 'the header does not fit the job'
      : `${invalid} of ${rows} rows are invalid`;
  terminal.result(`${pluralize(problemCount, 'problem')}: ${what}`);
}
