import type {describeJob} from '../../job/describe-job.ts';
import type {Terminal} from '../terminal.ts';
import {renderTable} from './render-table.ts';

export interface DescribedJob {
  job: string;
  summary: string;
  roles: readonly string[];
  /** Lists that are read back, where not every application may read them. */
  readingRoles: {list: string; roles: readonly string[]}[];
  scopes: readonly string[];
  keys: readonly (readonly string[])[];
  /** What else the API does. */
  effects: readonly string[];
  /** What its documents leave open. */
  caveats: readonly string[];
  columns: ReturnType<typeof describeJob>;
}

/** One line for each job. */
export function renderJobs(
  jobs: readonly DescribedJob[],
  {resultWidth}: Pick<Terminal, 'resultWidth'>,
): string {
  const rows = jobs.map((each) => [each.job, each.summary, needsOf(each)]);
  return renderTable(['job', 'does', 'needs'], rows, resultWidth());
}

/** One job with all its columns. */
export function renderJob(described: DescribedJob, {resultWidth}: Pick<Terminal, 'resultWidth'>): string {
  const {job, summary, keys, effects, caveats, columns} = described;
  const key = keys.map((each) => each.join(' + ')).join(', or ');
  const rows = columns.map(({column, type, required, about, rules}) => [
    column,
    type,
    required ? 'yes' : '',
    about,
    rules.join('; '),
  ]);
  return [
    `${job}: ${summary}`,
    `needs ${needsOf(described)}${readingNeedsOf(described)}; a row's key is ${key}`,
    ...listed('what else happens', effects),
    ...listed('how sure it is', caveats),
    '',
    renderTable(['column', 'type', 'required', 'about', 'rules'], rows, resultWidth()),
  ].join('\n');
}

function listed(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [`${title}:`, ...sentences.map((sentence) => `- ${sentence}`)];
}

/** Reading back may need another role than writing. */
function readingNeedsOf({roles, readingRoles}: DescribedJob): string {
  const others = readingRoles
    .map((reading) => reading.roles.join(' or '))
    .filter((each) => each !== roles.join(' or '));
  return [...new Set(others)].map((each) => `, and ${each} to read back`).join('');
}

function needsOf({roles, scopes}: Pick<DescribedJob, 'roles' | 'scopes'>): string {
  return [roles.join(' or '), ...scopes.map((scope) => `scope ${scope}`)].join(', ');
}
