import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {buildTemplate} from '../src/job/build-template.ts';
import {listJobs, loadJob} from '../src/job/load-jobs.ts';
import {keyOf} from '../src/job/natural-key.ts';
import {loginsOf, withIds} from '../src/job/row-users.ts';
import {seed} from '../src/sandbox/seed.ts';
import {createStore} from '../src/sandbox/store.ts';
import {issuesOf, readCsv, readRow, valuesOf} from './job/read-csv.ts';

const names = ['closes', 'cursus-users', 'patronages', 'user-candidatures', 'users'];
const sampleOf = (name: string) => readFile(new URL(`../samples/${name}.csv`, import.meta.url), 'utf8');

it('the jobs are the five operations', async () => {
  expect(await listJobs()).toEqual(names);
});

it.each(names)('%s, as it is built, is another one only when it changes itself', async (name) => {
  const built = await readFile(new URL(`../dist/jobs/${name}.js`, import.meta.url), 'utf8');
  // What it is made with has one name in all versions of the program: its hash is what a resume compares.
  expect([...built.matchAll(/from\s*["']([^"']+)["']/g)].map(([, from]) => from)).toEqual(['#job']);
});

describe.each(names)('the sample of %s', (name) => {
  it('is valid, without two rows for one target, and about users of the sandbox only', async () => {
    const store = createStore();
    seed(store, 60);
    const ids = new Map([...store.users.values()].map((user) => [user.login, user.id]));
    const known = new Set<unknown>(ids.values());
    const job = await loadJob(name);
    const rows = readCsv(job, await sampleOf(name)).map(valuesOf);
    expect(rows.length).toBeGreaterThanOrEqual(8);
    const keys = rows.map((row) => {
      expect(loginsOf(job, row).filter((login) => !ids.has(login))).toEqual([]);
      const bound = withIds(job, row, ids);
      if (!('values' in bound)) throw new Error(JSON.stringify(bound));
      const users = job.columns.filter(({column, group}) => column.kind.type === 'user' && !group);
      const named = users.flatMap(({field}) => bound.values[field] ?? []);
      expect(named.filter((id) => !known.has(id))).toEqual([]);
      return keyOf(job, bound.values);
    });
    expect(new Set(keys).size).toBe(rows.length);
  });

  it('holds no secret and no file', async () => {
    const job = await loadJob(name);
    const header = ((await sampleOf(name)).split('\n')[0] ?? '').split(',');
    const avoided = job.columns.filter(({column}) => column.traits.secret || column.kind.file);
    expect(header.filter((title) => avoided.some((leaf) => leaf.name === title))).toEqual([]);
  });
});

it.each(names)('the template of %s has every column and a valid example row', async (name) => {
  const job = await loadJob(name);
  const {header, example} = buildTemplate(job);
  expect(header).toHaveLength(job.columns.length);
  const row = valuesOf(
    readRow(job, Object.fromEntries(header.map((title, at) => [title, example[at] ?? '']))),
  );
  expect(Object.keys(row)).toEqual(expect.arrayContaining([...(job.definition.keys.at(-1) ?? [])]));
});

/** The example request of each endpoint document, letter by letter, and the cells that name the record in its path. */
const examples = [
  {
    job: 'patronages',
    path: ['patronages'],
    root: 'patronage',
    target: {},
    defaults: {ongoing: true},
    body: {godfather_id: '4', user_id: '3'},
  },
  {
    job: 'cursus-users',
    path: ['cursus_users'],
    root: 'cursus_user',
    target: {},
    defaults: {has_coalition: true},
    body: {
      begin_at: '2017-07-22 13:43:10 UTC',
      cursus_id: '2',
      end_at: '2018-03-22 13:43:10 UTC',
      user_id: '1',
    },
  },
  {
    job: 'user-candidatures',
    path: ['user_candidatures', 23],
    root: 'user_candidature',
    target: {id: '23'},
    defaults: {},
    body: {
      birth_city: 'Port Gonzalo',
      birth_country: 'Iceland',
      birth_date: '1992-02-29',
      contact_affiliation: 'parent',
      contact_first_name: 'Lily',
      contact_last_name: 'Buckridge',
      contact_phone1: '0695847362',
      contact_phone2: '0491314200',
      country: 'Antarctica (the territory South of 60 deg S)',
      gender: 'female',
      language: '',
      max_level_logic: '2',
      max_level_memory: '1',
      meeting_date: '2017-01-06',
      other_information: '3',
      pin: '4242',
      piscine_date: '2017-11-06',
      postal_city: 'Lake Montana',
      postal_complement: '',
      postal_country: "Lao People's Democratic Republic",
      postal_street: '7646 Constantin Green',
      postal_zip_code: '19921',
      user_id: '46',
      zip_code: '91297',
    },
  },
  {
    job: 'users',
    path: ['users', 2],
    root: 'user',
    target: {id: '2'},
    defaults: {},
    body: {
      campus_id: '1',
      email: 'anakin@caramail.net',
      first_name: 'Anakin',
      kind: 'student',
      last_name: 'Skywalker',
      password: 'totoroTOTOROOO',
      pool_month: 'september',
      pool_year: '2017',
      status: 'admis',
    },
  },
  {
    job: 'closes',
    path: ['closes'],
    root: 'close',
    target: {},
    defaults: {},
    body: {
      closer_id: '2',
      kind: 'other',
      reason: 'Mange des patates douces en cluster 🍠',
      end_at: '2017-11-23T13:43:29.676Z',
      state: 'close',
      user_id: '64',
    },
  },
];

/** Integers are documented as Fixnum and shown as text; moments are shown with a space and UTC. */
const comparable = (value: unknown) => {
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? new Date(text).toISOString() : text;
};

it.each(examples)('$job sends the example of its endpoint document', async ({job: name, ...example}) => {
  const job = await loadJob(name);
  // `state` is in no parameter list, and an empty cell is not sent.
  const sent = Object.entries<string>(example.body).filter(([key, value]) => key !== 'state' && value !== '');
  const row = valuesOf(readRow(job, {...example.target, ...Object.fromEntries(sent)}));
  const request = job.definition.request(row);
  expect(request.method).toBe(name.startsWith('user') ? 'PUT' : 'POST');
  expect(request.path).toEqual(example.path);
  expect(Object.keys(request.body ?? {})).toEqual([example.root]);
  const {[example.root]: body} = request.body as Record<string, Record<string, unknown>>;
  const expected = {...Object.fromEntries(sent), ...example.defaults};
  const texts = (fields: object) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, comparable(value)]));
  expect(texts(body ?? {})).toEqual(texts(expected));
});

/** The parameters of each endpoint document as columns; ? for "nil allowed". */
const candidature =
  'user_id? birth_date? gender? zip_code? country? phone_country_code? birth_city? birth_country? postal_street? ' +
  'postal_complement? postal_city? postal_zip_code? email? postal_country? contact_affiliation? contact_last_name? ' +
  'contact_first_name? contact_phone1? contact_phone2? max_level_memory? max_level_logic? other_information? ' +
  'language? meeting_date? piscine_date? pin? phone?';
const parameters = {
  patronages: 'user_id godfather_id ongoing?',
  'cursus-users': 'cursus_id user_id end_at? begin_at has_coalition skip_begin_validation?',
  'user-candidatures': `id? ${candidature}`,
  users:
    'id login? email first_name last_name usual_first_name password? pool_year? pool_month? kind status? image? campus_id? cursus_id? ' +
    `email_stop? skip_welcome_mail? user_candidature.id? ${candidature.replaceAll(/(\w+\?)/g, 'user_candidature.$1')} ` +
    'cursus_users.0.id? cursus_users.0.cursus_id cursus_users.0.end_at? cursus_users.0.begin_at ' +
    'cursus_users.0._destroy? languages_users.0.id? languages_users.0.language_id languages_users.0.position? ' +
    'languages_users.0._destroy?',
  closes:
    'user_id closer_id kind reason end_at community_services.0.duration community_services.0.occupation?',
};

describe.each(Object.entries(parameters))('the parameters of %s', (name, list) => {
  const documented = list
    .split(' ')
    .map((entry) => ({column: entry.replace('?', ''), nil: entry.endsWith('?')}));

  it('are its columns, all and no others', async () => {
    const {header} = buildTemplate(await loadJob(name));
    expect(header.toSorted()).toEqual(documented.map(({column}) => column).toSorted());
  });

  it.each(documented)(
    '$column takes <clear> only if the document allows nil (nil: $nil)',
    async ({column, nil}) => {
      const job = await loadJob(name);
      const {header, example} = buildTemplate(job);
      const cells = Object.fromEntries(header.map((title, at) => [title, example[at] ?? '']));
      const isKey = job.definition.keys.flat().includes(column);
      const row = readRow(job, {...cells, [column]: ' <clear> '});
      const refused = 'issues' in row ? row.issues.map((issue) => [issue.column, issue.code]) : [];
      expect(refused).toEqual(nil && !isKey ? [] : [[column, 'not_clearable']]);
    },
  );
});

it('a row names its problems all at once', async () => {
  const job = await loadJob('closes');
  const issues = issuesOf(readRow(job, {user_id: '', closer_id: 'a b', kind: 'Other', reason: '<clear>'}));
  expect(issues.map(({column, code}) => [column, code])).toEqual([
    ['user_id', 'required'],
    ['closer_id', 'invalid_user'],
    ['kind', 'invalid_choice'],
    ['reason', 'not_clearable'],
  ]);
});
