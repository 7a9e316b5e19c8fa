import {readFile} from 'node:fs/promises';
import {format, resolveConfig} from 'prettier';
import {expect, it} from 'vitest';
import {buildTemplate} from '../../src/job/build-template.ts';
import {listJobs, loadJob} from '../../src/job/load-jobs.ts';
import {documents} from '../jobs/documents.ts';
import {renderJobsPage, renderJobTable} from './render-job-pages.ts';

const readme = new URL('../../README.md', import.meta.url);
const jobs = await Promise.all((await listJobs()).map(loadJob));

async function markdown(text: string): Promise<string> {
  return format(text, {...(await resolveConfig(readme.pathname)), parser: 'markdown'});
}

// `npm run docs` writes both.
it('docs/jobs.md is what the definitions say', async () => {
  await expect(await markdown(renderJobsPage(jobs))).toMatchFileSnapshot('../../docs/jobs.md');
});

it('the table in the README is what the definitions say', async () => {
  const text = await readFile(readme, 'utf8');
  const table = /(?<=\n## Jobs\n\n)\|[\s\S]*?(?=\n\n)/;
  expect(text).toMatch(table);
  await expect(await markdown(text.replace(table, () => renderJobTable(jobs)))).toMatchFileSnapshot(
    '../../README.md',
  );
});

it.each(Object.entries(documents))('%s sends the request of its document', (name, {request, parameters}) => {
  const job = jobs.find((each) => each.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  expect(renderJobTable([job])).toContain(`\`${request}\``);
  expect(buildTemplate(job).header).toHaveLength(parameters.split(' ').length);
});
