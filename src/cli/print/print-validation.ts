import type {RowProblem} from '../../input/check-input.ts';
import type {CheckedInput} from '../../input/prepare-input.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';
import {jsonDocument} from './json-document.ts';
import {renderGroups, renderProblems} from './render-problems.ts';
import {commandWith} from './render-error.ts';

/** The problems of a file, by kind or each of them, and whether it is valid. */
export function printValidation(
  {checked: {rows, invalid}, problems, problemCount, input, proposal, warnings}: CheckedInput,
  {json, quiet, all}: {json: boolean; quiet: boolean; all: boolean},
  terminal: Terminal,
): void {
  const valid = problemCount === 0;
  if (json)
    return terminal.result(jsonDocument({valid, rows, invalid, problems: problems.map(withoutPerson)}, 2));
  if (valid && quiet) return;
  for (const warning of warnings) terminal.error(escapeControlCharacters(warning));
  if (valid) return terminal.result(`${pluralize(rows, 'row')} ${rows === 1 ? 'is' : 'are'} valid`);
  const render = all ? renderProblems : renderGroups;
  terminal.result(render(problems, problemCount, terminal));
  const what =
    input.headerProblems.length > 0
      ? 'the header does not fit the job'
      : `${invalid} of ${rows} rows ${invalid === 1 ? 'is' : 'are'} invalid`;
  terminal.result(`${pluralize(problemCount, 'problem')}: ${what}`);
  if (proposal !== undefined) terminal.result(`  → ${commandWith(proposal, terminal)}`);
}

/** Where a name is told is for people: programs have the line. */
function withoutPerson({person: _person, ...problem}: RowProblem): RowProblem {
  return problem;
}
