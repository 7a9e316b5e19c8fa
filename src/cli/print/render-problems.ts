import type {RowProblem} from '../../input/check-input.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

/** Problems in the order of lines, each with its column, value, reason and way out; the first `maxShown` of them. */
export function renderProblems(
  problems: readonly RowProblem[],
  total: number,
  maxShown: number,
  {colors}: Terminal,
): string {
  const {bold, red, dim} = colors;
  const shown = problems.slice(0, maxShown);
  const lines: string[] = [];
  let line = 0;
  for (const problem of shown) {
    if (problem.line !== line) lines.push(bold(`line ${problem.line}`));
    line = problem.line;
    const column = problem.column ? `${escapeControlCharacters(problem.column)}: ` : '';
    const value =
      problem.value === '' ? '' : ` ${dim(`(${escapeControlCharacters(shorten(problem.value))})`)}`;
    lines.push(`  ${red(column + escapeControlCharacters(problem.message))}${value}`);
    if (problem.hint) lines.push(`    ${dim('→')} ${escapeControlCharacters(problem.hint)}`);
  }
  if (total > shown.length)
    lines.push(`and ${total - shown.length} more problems (--all or --json lists them)`);
  return lines.join('\n');
}

function shorten(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}
