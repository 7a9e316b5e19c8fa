import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {buildTemplate} from '../../src/job/build-template.ts';
import {isGroup} from '../../src/job/columns/column.ts';
import type {Job} from '../../src/job/job.ts';
import {listJobs, loadJob} from '../../src/job/load-jobs.ts';

const candidature =
  'user_id birth_date gender zip_code country phone_country_code birth_city birth_country postal_street ' +
  'postal_complement postal_city postal_zip_code email postal_country contact_affiliation contact_last_name ' +
  'contact_first_name contact_phone1 contact_phone2 max_level_memory max_level_logic other_information language ' +
  'meeting_date piscine_date pin phone';

/** Every parameter of the endpoint documents that holds a value; the record in the path and in the body is one. */
const documents: Record<string, {request: string; parameters: string}> = {
  patronages: {request: 'POST /v2/patronages', parameters: 'user_id godfather_id ongoing'},
  'cursus-users': {
    request: 'POST /v2/cursus_users',
    parameters: 'user_id cursus_id end_at begin_at has_coalition skip_begin_validation',
  },
  'user-candidatures': {request: 'PUT /v2/user_candidatures/:id', parameters: `id ${candidature}`},
  users: {
    request: 'PUT /v2/users/:id',
    parameters:
      'id login email first_name last_name usual_first_name password pool_year pool_month kind status image campus_id cursus_id ' +
      `email_stop skip_welcome_mail user_candidature.id ${candidature.replaceAll(/\w+/g, 'user_candidature.$&')} ` +
      'cursus_users.0.id cursus_users.0.cursus_id cursus_users.0.end_at cursus_users.0.begin_at ' +
      'cursus_users.0._destroy languages_users.0.id languages_users.0.language_id languages_users.0.position ' +
      'languages_users.0._destroy',
  },
  closes: {
    request: 'POST /v2/closes',
    parameters:
      'user_id closer_id kind reason end_at community_services.0.duration community_services.0.occupation',
  },
};

/** The rows of the README's table about jobs, without its two head lines. */
async function tableRows(): Promise<string[][]> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('\n## Jobs\n');
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What a job checks of a row, counted from its definition. */
function rulesOf({definition, columns}: Job): string {
  const keys = new Set(definition.keys.flat());
  const required = columns.filter(({column}) => column.traits.required).length;
  const clearable = columns.filter(
    ({name, group, column}) => column.traits.nullable && (group || !keys.has(name)),
  ).length;
  const groups = Object.values(definition.columns).filter(isGroup);
  const between =
    (definition.rules ?? []).length +
    groups.reduce((sum, {rules}) => sum + rules.length, 0) +
    (definition.keys.length > 1 ? 1 : 0);
  const [types, notNull] = [columns.length, columns.length - clearable];
  return `${types} types, ${required} required, ${notNull} not null, ${between} between columns`;
}

it('the README lists every job with its document, its parameters, its columns, its rules and its key', async () => {
  const names = await listJobs();
  const expected = await Promise.all(
    names.map(async (name) => {
      const job = await loadJob(name);
      const {request = '', parameters = ''} = documents[name] ?? {};
      return [
        `\`${name}\``,
        `\`${request}\``,
        String(parameters.split(' ').length),
        String(buildTemplate(job).header.length),
        rulesOf(job),
        job.definition.keys.map((key) => key.map((column) => `\`${column}\``).join(' + ')).join(', or '),
      ];
    }),
  );
  const byName = (rows: string[][]) => Object.fromEntries(rows.map(([name = '', ...cells]) => [name, cells]));
  const rows = await tableRows();
  expect(rows).toHaveLength(names.length);
  expect(byName(rows)).toEqual(byName(expected));
});

it.each(Object.entries(documents))(
  'every parameter of the document of %s is a column',
  async (name, {parameters}) => {
    const {header} = buildTemplate(await loadJob(name));
    expect(header.toSorted()).toEqual(parameters.split(' ').toSorted());
  },
);
