import type {Issue} from './row.ts';

export const removeHint = 'remove the column, or use --ignore-unknown';

/** A column that the job does not know may be the one that is missing, under another name. */
export function withMapHints(problems: readonly Issue[]): Issue[] {
  const missing = problems.filter(({code}) => code === 'missing_column').map(({column}) => column);
  const [first] = missing;
  return problems.map((problem) => {
    if (problem.hint !== removeHint || first === undefined) return problem;
    const header = /^[\w.-]+$/.test(problem.column) ? problem.column : `'${problem.column}'`;
    const map = `--map ${missing.length === 1 ? first : 'COLUMN'}=${header}`;
    return {...problem, hint: `if it holds ${missing.join(' or ')}, use ${map}; if not, --ignore-unknown`};
  });
}
