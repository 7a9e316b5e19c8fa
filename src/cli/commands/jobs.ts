import {describeJob} from '../../job/describe-job.ts';
import {listJobs, loadJob} from '../../job/load-jobs.ts';
import type {GlobalArguments} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {renderTable} from '../print/render-table.ts';
import type {Terminal} from '../terminal.ts';
import {toPrintableJson} from '../print/escape-control-characters.ts';

/** Lists the jobs, or describes one. */
export async function jobs(
  args: GlobalArguments & {job?: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const loaded = await Promise.all((args.job === undefined ? await listJobs() : [args.job]).map(loadJob));
  const described = loaded.map((job) => ({
    job: job.name,
    summary: job.definition.summary,
    roles: job.definition.needs.roles,
    scopes: job.definition.needs.scopes ?? [],
    keys: job.definition.keys,
    columns: describeJob(job),
  }));
  if (args.json) {
    terminal.result(toPrintableJson(described, 2));
    return {exitCode: 0};
  }
  if (args.job === undefined) {
    terminal.result(
      renderTable(
        ['job', 'does', 'needs'],
        described.map((each) => [each.job, each.summary, needsOf(each)]),
        terminal.resultWidth(),
      ),
    );
    return {exitCode: 0};
  }
  for (const each of described) {
    terminal.result(
      `${each.job}: ${each.summary}\nneeds ${needsOf(each)}; a row's key is ${each.keys.map((key) => key.join(' + ')).join(', or ')}\n`,
    );
    terminal.result(
      renderTable(
        ['column', 'type', 'required', 'about', 'rules'],
        each.columns.map(({column, type, required, about, rules}) => [
          column,
          type,
          required ? 'yes' : '',
          about,
          rules.join('; '),
        ]),
        terminal.resultWidth(),
      ),
    );
  }
  return {exitCode: 0};
}

function needsOf({roles, scopes}: {roles: readonly string[]; scopes: readonly string[]}): string {
  return [roles.join(' or '), ...scopes.map((scope) => `scope ${scope}`)].join(', ');
}
