import type {RowProblem} from './check-input.ts';

/** Problems of one kind in one column. */
export interface ProblemGroup {
  /** The first of them. */
  example: RowProblem;
  count: number;
  /** `2-90, 93, 95-101`: the first ranges of lines. */
  lines: string;
  /** All columns that it concerns: those that the job does not know are one problem, not one for each. */
  columns: string[];
}

const maxRanges = 8;

/** Groups what is wrong with a file: what concerns many rows first, columns that may simply be left out last. */
export function groupProblems(problems: readonly RowProblem[]): ProblemGroup[] {
  const groups = new Map<string, RowProblem[]>();
  for (const problem of problems) {
    const kind = JSON.stringify([problem.code, problem.code === 'unknown_column' ? '' : problem.column]);
    const group = groups.get(kind);
    if (group) group.push(problem);
    else groups.set(kind, [problem]);
  }
  return [...groups.values()]
    .toSorted((one, other) => rank(one) - rank(other))
    .flatMap((group) => {
      const [example] = group;
      if (!example) return [];
      const columns = [...new Set(group.map(({column}) => column))];
      return [{example, count: group.length, lines: lineList(group), columns}];
    });
}

function rank(group: readonly RowProblem[]): number {
  return group[0]?.code === 'unknown_column' ? 1 : -group.length;
}

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

/** `begin_at: not a date` */
export function titleOf({column, message}: RowProblem): string {
  return column === '' ? message : `${column}: ${message}`;
}
