import {expect, it} from 'vitest';
import type {ApiRequest} from '../../src/http/request.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {now, readRow, valuesOf} from '../job/read-csv.ts';
import {documents} from './documents.ts';

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
  {
    job: 'groups-users',
    path: ['groups_users'],
    root: 'groups_user',
    target: {},
    defaults: {},
    body: {group_id: '3', user_id: '9'},
  },
  {
    job: 'achievements-users',
    path: ['achievements_users'],
    root: 'achievements_user',
    target: {},
    defaults: {},
    body: {achievement_id: '1', user_id: '29'},
  },
  {
    job: 'coalitions-users',
    path: ['coalitions_users'],
    root: 'coalitions_user',
    target: {},
    defaults: {this_year_score: 0},
    body: {coalition_id: '2', user_id: '60'},
  },
  {
    job: 'campus-users',
    path: ['campus_users'],
    root: 'campus_user',
    target: {},
    defaults: {},
    body: {campus_id: '6', user_id: '1'},
  },
  {
    job: 'projects-users',
    path: ['projects_users'],
    root: 'projects_user',
    target: {},
    defaults: {},
    body: {project_id: '1', user_id: '1'},
  },
  {
    job: 'teams-uploads',
    path: ['teams_uploads'],
    root: 'teams_upload',
    target: {},
    defaults: {},
    body: {comment: 'The Other Side of Silence', final_mark: '42', team_id: '66', upload_id: '1'},
  },
  {
    job: 'transactions',
    path: ['transactions'],
    root: 'transaction',
    target: {},
    defaults: {},
    body: {value: '5', user_id: '123', transactable_type: 'Tuteur api', reason: 'cadeau'},
  },
  {
    job: 'anti-grav-units-users',
    path: ['anti_grav_units_users'],
    root: 'anti_grav_units_user',
    target: {},
    defaults: {},
    body: {
      begin_date: '2019-12-09',
      expected_end_date: '2020-02-10',
      user_id: '80962',
      is_free: 'true',
      anti_grav_unit_id: '1',
    },
  },
  {
    job: 'community-services',
    path: ['community_services'],
    root: 'community_service',
    target: {},
    defaults: {},
    body: {
      close_id: '2',
      duration: '14400',
      occupation: 'Regarder Shrek, en entier, avec la promo',
      schedule_at: '2017-11-27 09:00:00 UTC',
      tiger_id: '2',
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
  expect(request.method).toBe(documents[name]?.request.split(' ')[0]);
  expect(request.path).toEqual(example.path);
  expect(Object.keys(request.body ?? {})).toEqual([example.root]);
  const {[example.root]: body} = request.body as Record<string, Record<string, unknown>>;
  const expected = {...Object.fromEntries(sent), ...example.defaults};
  const texts = (fields: object) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, comparable(value)]));
  expect(texts(body ?? {})).toEqual(texts(expected));
});

const begin = '2031-07-05T08:00:00.000Z';

/** Requests that no document shows, or not as a flat list of fields. */
it.each<[job: string, cells: Record<string, string>, request: ApiRequest]>([
  [
    'users-create',
    {
      email: 'a.sky@example.org',
      first_name: 'Anakin',
      last_name: 'Skywalker',
      campus_id: '1',
      password: ' totoro ',
      pool_month: 'May',
      pool_year: '2031',
      skip_welcome_mail: 'yes',
      'user_candidature.gender': 'male',
      'user_candidature.max_level_logic': '2',
      'cursus_users.0.cursus_id': '9',
      'cursus_users.0.begin_at': begin,
      'languages_users.0.language_id': '3',
    },
    {
      method: 'POST',
      path: ['users'],
      body: {
        user: {
          email: 'a.sky@example.org',
          first_name: 'Anakin',
          last_name: 'Skywalker',
          kind: 'student',
          password: ' totoro ',
          pool_year: '2031',
          pool_month: 'may',
          campus_id: 1,
          skip_welcome_mail: 'true',
          user_candidature_attributes: {gender: 'male', max_level_logic: 2},
          cursus_users_attributes: [{cursus_id: 9, begin_at: begin}],
          languages_users_attributes: [{language_id: 3}],
        },
      },
    },
  ],
  [
    'correction-points',
    {user_id: '3', amount: '4', reason: 'Rush'},
    {
      method: 'POST',
      path: ['users', 3, 'correction_points', 'add'],
      body: {reason: 'Rush', amount: 4},
    },
  ],
  [
    'correction-points',
    {user_id: '3', amount: '-4', reason: 'Absent'},
    {
      method: 'DELETE',
      path: ['users', 3, 'correction_points', 'remove'],
      body: {reason: 'Absent', amount: 4},
    },
  ],
  [
    'free-past-agu',
    {user_id: '3', duration: '2', reason: 'optional'},
    {method: 'POST', path: ['users', 3, 'free_past_agu'], body: {duration: 2, reason: 'optional'}},
  ],
  [
    'exams-users',
    {exam_id: '42', user_id: '3'},
    {method: 'POST', path: ['exams', 42, 'exams_users'], body: {exams_user: {user_id: 3}}},
  ],
  [
    'coalition-scores',
    {coalition_id: '45', coalitions_user_id: '5', value: '-7', reason: 'Noise'},
    {
      method: 'POST',
      path: ['coalitions', 45, 'scores'],
      body: {score: {coalitions_user_id: 5, value: -7, reason: 'Noise'}},
    },
  ],
  [
    'titles-users',
    {title_id: '7', user_id: '3'},
    {method: 'POST', path: ['titles_users'], body: {titles_user: {title_id: 7, user_id: 3}}},
  ],
  [
    'events-users',
    {event_id: '7', user_id: '3'},
    {method: 'POST', path: ['events_users'], body: {events_user: {event_id: 7, user_id: 3}}},
  ],
])('%s becomes the request that its document describes', async (name, cells, request) => {
  const job = await loadJob(name);
  expect(job.definition.request(valuesOf(readRow(job, cells)))).toEqual(request);
});

/** What changes a record that exists, and what removes it. A pair is not changed: another pair is another record. */
it.each<
  [job: string, cells: Record<string, string>, update: object | undefined, removal: object[] | undefined]
>([
  [
    'cursus-users',
    {user_id: '3', cursus_id: '9', begin_at: begin, end_at: '<clear>'},
    {
      method: 'PUT',
      path: ['cursus_users', 71],
      body: {cursus_user: {begin_at: begin, end_at: null, has_coalition: true}},
    },
    [{method: 'DELETE', path: ['cursus_users', 71]}],
  ],
  [
    'patronages',
    {user_id: '3', godfather_id: '4', ongoing: 'no'},
    {method: 'PUT', path: ['patronages', 71], body: {patronage: {ongoing: false}}},
    [{method: 'DELETE', path: ['patronages', 71]}],
  ],
  [
    'closes',
    {user_id: '3', closer_id: '2', kind: 'other', reason: 'r'},
    undefined,
    [{method: 'PUT', path: ['closes', 71, 'unclose']}],
  ],
  [
    'projects-users',
    {project_id: '1', user_id: '3', final_mark: '125'},
    {method: 'PUT', path: ['projects_users', 71], body: {projects_user: {final_mark: 125}}},
    [{method: 'DELETE', path: ['projects_users', 71]}],
  ],
  [
    'teams-uploads',
    {team_id: '66', upload_id: '1', final_mark: '42'},
    {method: 'PUT', path: ['teams_uploads', 71], body: {teams_upload: {final_mark: 42}}},
    [{method: 'DELETE', path: ['teams_uploads', 71]}],
  ],
  [
    'exams-users',
    {exam_id: '42', user_id: '3'},
    undefined,
    [{method: 'DELETE', path: ['exams', 42, 'exams_users', 71]}],
  ],
  [
    'coalition-scores',
    {coalition_id: '45', coalitions_user_id: '5', value: '7', reason: 'r'},
    undefined,
    [{method: 'DELETE', path: ['coalitions', 45, 'scores', 71]}],
  ],
  [
    'transactions',
    {user_id: '3', value: '7', transactable_type: 't', reason: 'r'},
    undefined,
    [{method: 'DELETE', path: ['transactions', 71]}],
  ],
  [
    'anti-grav-units-users',
    {user_id: '3', expected_end_date: '2031-02-03'},
    {
      method: 'PUT',
      path: ['anti_grav_units_users', 71],
      body: {anti_grav_units_user: {user_id: 3, expected_end_date: '2031-02-03'}},
    },
    undefined,
  ],
  [
    'community-services',
    {close_id: '3', duration: '7200'},
    {
      method: 'PUT',
      path: ['community_services', 71],
      body: {community_service: {close_id: 3, duration: 7200}},
    },
    [{method: 'DELETE', path: ['community_services', 71]}],
  ],
  ['campus-users', {campus_id: '1', user_id: '3'}, undefined, undefined],
  [
    'groups-users',
    {group_id: '1', user_id: '3'},
    undefined,
    [{method: 'DELETE', path: ['groups_users', 71]}],
  ],
  ['correction-points', {user_id: '3', amount: '1', reason: 'r'}, undefined, undefined],
  ['free-past-agu', {user_id: '3', duration: '1', reason: 'r'}, undefined, undefined],
])('%s is changed and removed as its document describes', async (name, cells, update, removal) => {
  const {definition} = await loadJob(name);
  const row = valuesOf(readRow(await loadJob(name), cells));
  expect(definition.update?.(71, row)).toEqual(update);
  expect(definition.remove?.(71, row, now)).toEqual(removal);
});
