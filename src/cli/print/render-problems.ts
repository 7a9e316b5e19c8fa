import type {RowProblem} from '../../input/check-input.ts';
import {groupProblems, type ProblemGroup, titleOf} from '../../input/group-problems.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

const maxGroups = 50;

/** Problems of one kind in one column together: what is wrong, how often, an example with its way out, and the lines. */
export function renderGroups(
  problems: readonly RowProblem[],
  total: number,
  {colors}: Pick<Terminal, 'colors'>,
): string {
  const groups = groupProblems(problems);
  const lines = groups.slice(0, maxGroups).flatMap((group) => renderGroup(group, colors));
  if (groups.length > maxGroups) lines.push(`and ${groups.length - maxGroups} more kinds of problems`);
  if (total > problems.length)
    lines.push(`only the first ${problems.length} problems of ${total} are counted`);
  if (groups.some(({example, count}) => count > 1 && example.code !== 'unknown_column'))
    lines.push('validate --all lists each problem, --json too');
  return lines.join('\n');
}

function renderGroup(
  {example, count, lines, columns}: ProblemGroup,
  {bold, red, dim}: Terminal['colors'],
): string[] {
  const hint = example.hint ? [`    ${dim('→')} ${escapeControlCharacters(example.hint)}`] : [];
  if (example.code === 'unknown_column')
    return [red(escapeControlCharacters(`${example.message}: ${columns.join(', ')}`)), ...hint];
  const often = count > 1 ? `${pluralize(count, 'row')}, for example ` : '';
  const where = `  ${often}${bold(`line ${example.line}`)}${personOf(example)}${valueOf(example, dim)}`;
  return [
    red(escapeControlCharacters(titleOf(example))),
    where,
    ...hint,
    ...(count > 1 ? [dim(`  lines ${lines}`)] : []),
  ];
}

/** Problems in the order of lines, each with its column, value, reason and way out. */
export function renderProblems(
  problems: readonly RowProblem[],
  total: number,
  {colors: {bold, red, dim}}: Terminal,
): string {
  const lines: string[] = [];
  let line = 0;
  for (const problem of problems) {
    if (problem.line !== line) lines.push(bold(`line ${problem.line}`) + personOf(problem));
    line = problem.line;
    lines.push(`  ${red(escapeControlCharacters(titleOf(problem)))}${valueOf(problem, dim)}`);
    if (problem.hint) lines.push(`    ${dim('→')} ${escapeControlCharacters(problem.hint)}`);
  }
  if (total > problems.length) lines.push(`and ${total - problems.length} more problems`);
  return lines.join('\n');
}

function personOf({person}: RowProblem): string {
  return person === undefined ? '' : `, ${escapeControlCharacters(shorten(person))}`;
}

function valueOf({value}: RowProblem, dim: (text: string) => string): string {
  return value === '' ? '' : ` ${dim(`(${escapeControlCharacters(shorten(value))})`)}`;
}

function shorten(value: string): string {
  return value.length > 60 ? `${value.slice(0, 57)}…` : value;
}
