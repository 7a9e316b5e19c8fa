import type {RowProblem} from '../../input/check-input.ts';
import {pluralize} from '../../pluralize.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

const maxGroups = 50;
const maxRanges = 8;

/** Problems of one kind in one column together: what is wrong, how often, an example with its way out, and the lines. */
export function renderGroups(
  problems: readonly RowProblem[],
  total: number,
  {colors}: Pick<Terminal, 'colors'>,
): string {
  const groups = new Map<string, RowProblem[]>();
  for (const problem of problems) {
    // Columns that the job does not know are one problem, not one for each.
    const kind = JSON.stringify([problem.code, problem.code === 'unknown_column' ? '' : problem.column]);
    const group = groups.get(kind);
    if (group) group.push(problem);
    else groups.set(kind, [problem]);
  }
  const lines: string[] = [];
  const bySize = [...groups.values()].toSorted((one, other) => rank(one) - rank(other));
  for (const [example, ...more] of bySize.slice(0, maxGroups)) {
    if (!example) continue;
    lines.push(...renderGroup(example, more, colors));
  }
  if (groups.size > maxGroups) lines.push(`and ${groups.size - maxGroups} more kinds of problems`);
  if (total > problems.length)
    lines.push(`only the first ${problems.length} problems of ${total} are counted`);
  if (bySize.some(([example, ...more]) => more.length > 0 && example?.code !== 'unknown_column'))
    lines.push('validate --all lists each problem, --json too');
  return lines.join('\n');
}

function renderGroup(
  example: RowProblem,
  more: readonly RowProblem[],
  {bold, red, dim}: Terminal['colors'],
): string[] {
  const hint = example.hint ? [`    ${dim('→')} ${escapeControlCharacters(example.hint)}`] : [];
  if (example.code === 'unknown_column') {
    const columns = [example, ...more].map(({column}) => column).join(', ');
    return [red(escapeControlCharacters(`${example.message}: ${columns}`)), ...hint];
  }
  const count = more.length > 0 ? `${pluralize(more.length + 1, 'row')}, for example ` : '';
  const where = `  ${count}${bold(`line ${example.line}`)}${personOf(example)}${valueOf(example, dim)}`;
  const lines = more.length > 0 ? [dim(`  lines ${lineList([example, ...more])}`)] : [];
  return [red(escapeControlCharacters(titleOf(example))), where, ...hint, ...lines];
}

/** What concerns many rows first; columns that may simply be left out last. */
function rank(group: readonly RowProblem[]): number {
  return group[0]?.code === 'unknown_column' ? 1 : -group.length;
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

function titleOf({column, message}: RowProblem): string {
  return column === '' ? message : `${column}: ${message}`;
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

/** `2-90, 93, 95-101`: the first ranges of lines. */
function lineList(problems: readonly RowProblem[]): string {
  const ranges: {from: number; to: number}[] = [];
  for (const {line} of problems) {
    const last = ranges.at(-1);
    if (last && line <= last.to + 1) last.to = line;
    else ranges.push({from: line, to: line});
  }
  const shown = ranges.slice(0, maxRanges).map(({from, to}) => (from === to ? `${from}` : `${from}-${to}`));
  return shown.join(', ') + (ranges.length > maxRanges ? ', …' : '');
}
