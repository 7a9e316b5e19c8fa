import {describeJob} from '../../src/job/describe-job.ts';
import {isGroup} from '../../src/job/columns/column.ts';
import type {ApiRequest} from '../../src/http/request.ts';
import type {ReadBackQuery} from '../../src/job/define-job.ts';
import type {Job} from '../../src/job/job.ts';
import type {Values} from '../../src/job/row.ts';
import {readRow, valuesOf} from '../job/read-csv.ts';
import {buildTemplate} from '../../src/job/build-template.ts';

const now = new Date('2026-11-23T08:42:00Z');
const recordId = 7_000_001;

/** The table of all jobs in the README. */
export function renderJobTable(jobs: readonly Job[]): string {
  return table(
    ['job', 'does', 'request', "a row's key", '`undo`, `remove`', '`--existing update`'],
    jobs.map((job) => [
      `[\`${job.name}\`](docs/jobs.md#${job.name})`,
      job.definition.summary,
      requestsOf(job).join('<br>'),
      keysOf(job),
      job.definition.remove ? 'yes' : '',
      job.definition.update ? 'yes' : '',
    ]),
  );
}

/** `docs/jobs.md`: everything that the definitions say. */
export function renderJobsPage(jobs: readonly Job[]): string {
  return [
    '# The jobs',
    'Made from the definitions in `jobs/` by `npm run docs`. `bulk42 jobs <job>` shows the same of one job, ' +
      '`bulk42 template <job>` a file to fill in. Roles and fields are those of the endpoint documents; an application ' +
      'needs one of the roles that are named. `undo` and `remove` take what "removed by" shows, and `--existing update` what ' +
      '"changed by" shows; without it they refuse.',
    ...jobs.map(renderJob),
  ].join('\n\n');
}

function renderJob(job: Job): string {
  const {definition} = job;
  const {summary, effects = [], caveats = [], additive, response, confirm} = definition;
  const facts: [string, string][] = [
    ['request', requestsOf(job).join(', ')],
    ["a row's key", keysOf(job)],
    ['roles', rolesOf(job)],
    ['read back', readBackOf(job)],
    ['removed by', removalOf(job)],
    ['changed by', updateOf(job)],
    ['a repeat', additive ? 'counts twice: the reason says which award it is' : ''],
    [
      'before sending',
      additive
        ? `asks for the number of ${additive.unit}s to be typed`
        : confirm
          ? 'asks for the number of rows to be typed'
          : '',
    ],
    ['in the report', (response?.fields ?? []).map((field) => `\`bulk42_${field}\``).join(', ')],
    ['what else happens', effects.join('; ')],
    ['how sure it is', [...caveats, ...(caveats.length === 0 ? ['as its document says'] : [])].join('; ')],
    ['checks', rulesOf(job)],
  ];
  const columns = describeJob(job).map(({column, type, required, about, rules}) => [
    `\`${column}\``,
    type,
    required ? 'yes' : '',
    about,
    rules.join('; '),
  ]);
  return [
    `## ${job.name}`,
    `${summary}.`,
    table(
      ['', ''],
      facts.filter(([, text]) => text !== ''),
    ),
    table(['column', 'a cell is', 'required', 'about', 'rules'], columns),
  ].join('\n\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function keysOf({definition}: Job): string {
  return definition.keys.map((key) => key.map((column) => `\`${column}\``).join(' + ')).join(', or ');
}

/**
 * Rows in which every number of a plain column is another one, so that a path tells which column it takes: one for each
 * key, and where a number may be negative one with negative ones.
 */
function exampleRows(job: Job): Values[] {
  const {header, example} = buildTemplate(job);
  const cells = Object.fromEntries(header.map((title, at) => [title, example[at] ?? '']));
  const {keys, additive} = job.definition;
  const plain = job.columns.filter(({group}) => !group);
  return keys.flatMap((key) => {
    const others = new Set(keys.flat().filter((column) => !key.includes(column)));
    const given = plain.map(({name, column}, at): [string, string] => {
      const isNumber = ['user', 'integer'].includes(column.kind.type);
      const required = key.includes(name) || column.traits.required === true;
      if (others.has(name) && !column.traits.required) return [name, ''];
      return [name, isNumber && required ? String(8_000_000 + at) : (cells[name] ?? '')];
    });
    const row = {...cells, ...Object.fromEntries(given)};
    const rows = [row];
    if (additive) rows.push({...row, [additive.column]: `-${row[additive.column]}`});
    return rows.flatMap((each) => {
      const read = readRow(job, each);
      return 'values' in read ? [valuesOf(read)] : [];
    });
  });
}

function requestsOf(job: Job): string[] {
  const shown = exampleRows(job).map((row) => written(job.definition.request(row), row));
  return [...new Set(shown)];
}

/** `PUT /v2/users/:id` for a request of this row. */
function written({method, path}: ApiRequest, row: Values): string {
  const segments = path.map((segment) => {
    if (segment === recordId) return ':id';
    const column = Object.entries(row).find(([, value]) => value === segment && typeof value === 'number');
    return column ? `:${column[0]}` : String(segment);
  });
  return `\`${method} /v2/${segments.join('/')}\``;
}

function isUpdate(job: Job): boolean {
  return job.definition.request(exampleRows(job)[0] ?? {}).method === 'PUT';
}

function rolesOf({definition: {needs, readBack}}: Job): string {
  const scopes = (list: readonly string[] = []) => list.map((scope) => `, scope \`${scope}\``).join('');
  const reading = readBack.flatMap(({list, roles}) =>
    roles && roles.join() !== needs.roles.join() ? [`reading ${pathOf(list)}: ${roles.join(' or ')}`] : [],
  );
  return [
    `${needs.roles.join(' or ')}${scopes(needs.scopes)}`,
    ...(needs.update
      ? [`updating also the scope ${needs.update.scopes.map((each) => `\`${each}\``).join(', ')}`]
      : []),
    ...(needs.remove ? [`removing: ${needs.remove.roles.join(' or ')}`] : []),
    ...new Set(reading),
  ].join('; ');
}

function pathOf(list: readonly string[]): string {
  return `\`GET /v2/${list.join('/')}\``;
}

function readBackOf(job: Job): string {
  const readings = job.definition.readBack.map((reading) => readingOf(reading, job));
  return readings.length === 0
    ? 'nothing shows it: a row whose answer was lost stays in doubt until a person decides'
    : [...new Set(readings)].join('; ');
}

function readingOf(reading: ReadBackQuery, job: Job): string {
  const {list, by, isUnfiltered} = reading;
  const parents = list.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1));
  const where = exampleRows(job).flatMap((row) =>
    reading.when && !reading.when(row) ? [] : Object.keys(reading.where?.(row) ?? {}),
  );
  const filters = [...(isUnfiltered ? [] : Object.keys(by)), ...new Set(where)];
  const batched = !isUnfiltered && Object.keys(by).length > 0;
  const each =
    parents.length > 0 ? `one list for each \`${parents.join('` and `')}\`` : 'one request for each row';
  return [
    pathOf(list),
    ...(filters.length > 0 ? [`by ${filters.map((filter) => `\`${filter}\``).join(', ')}`] : []),
    batched ? `100 rows a request${parents.length > 0 ? `, ${each}` : ''}` : each,
  ].join(', ');
}

function removalOf(job: Job): string {
  const [row = {}] = exampleRows(job);
  const requests = job.definition.remove?.(recordId, row, now) ?? [];
  return requests.length === 0
    ? 'no request that is documented'
    : requests.map((each) => written(each, row)).join(', then ') +
        (job.definition.isRemovalUnproven ? ', which is read back' : '');
}

function updateOf(job: Job): string {
  const [row = {}] = exampleRows(job);
  const {update, keys, columns} = job.definition;
  if (!update) return isUpdate(job) ? 'the job itself' : '';
  const changed = Object.keys(columns).filter((column) => !keys.flat().includes(column));
  return `${written(update.call(job.definition, recordId, row), row)}: ${changed.map((name) => `\`${name}\``).join(', ')}`;
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
  return `${columns.length} types, ${required} required, ${columns.length - clearable} not null, ${between} between columns`;
}
