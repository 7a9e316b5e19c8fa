import {describeJob} from '../../job/describe-job.ts';
import {listJobs, loadJob} from '../../job/load-jobs.ts';
import type {CommandResult} from '../command-result.ts';
import type {GlobalArguments} from '../options.ts';
import {jsonDocument} from '../print/json-document.ts';
import {renderJob, renderJobs} from '../print/render-jobs.ts';
import type {Terminal} from '../terminal.ts';

/** Lists the jobs, or describes one. */
export async function jobs(
  {job, json}: GlobalArguments & {job?: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const loaded = await Promise.all((job === undefined ? await listJobs() : [job]).map(loadJob));
  const described = loaded.map((each) => ({
    job: each.name,
    summary: each.definition.summary,
    roles: each.definition.needs.roles,
    readingRoles: each.definition.readBack.flatMap(({list, roles}) =>
      roles ? [{list: `/v2/${list.join('/')}`, roles}] : [],
    ),
    scopes: each.definition.needs.scopes ?? [],
    keys: each.definition.keys,
    effects: each.definition.effects ?? [],
    caveats: each.definition.caveats ?? [],
    columns: describeJob(each),
  }));
  if (json) terminal.result(jsonDocument(described, 2));
  else if (job === undefined) terminal.result(renderJobs(described, terminal));
  else for (const each of described) terminal.result(renderJob(each, terminal));
  return {exitCode: 0};
}
