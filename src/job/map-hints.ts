import {shellQuote} from '../shell-quote.ts';
import type {Issue} from './row.ts';

/** A header without a hint is like no column of the job. It may be one of them under another name. */
export function withMapHints(problems: readonly Issue[]): Issue[] {
  const missing = problems.filter(({code}) => code === 'missing_column').map(({column}) => column);
  const meant = missing.length > 0 ? missing.join(' or ') : 'a column of the job';
  const target = missing.length === 1 ? missing[0] : 'COLUMN';
  return problems.map((problem) => {
    if (problem.hint !== '') return problem;
    const map = `--map ${target}=${shellQuote(problem.column)}`;
    return {...problem, hint: `if it holds ${meant}, use ${map}; if not, --ignore-unknown`};
  });
}
