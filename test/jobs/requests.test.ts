import {expect, it} from 'vitest';
import type {ApiRequest} from '../../src/http/request.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {now, readRow, valuesOf} from '../job/read-csv.ts';
import {documentedExamples} from './documented-examples.ts';
import {documents} from './documents.ts';

/** Integers are documented as Fixnum and shown as text; moments are shown with a space and UTC. */
const comparable = (value: unknown) => {
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}[T ]/.test(text) ? new Date(text).toISOString() : text;
};

it.each(documentedExamples)(
  '$job sends the example of its endpoint document',
  async ({job: name, ...example}) => {
    const job = await loadJob(name);
    // `state` is in no parameter list, and an empty cell is not sent.
    const sent = Object.entries<string>(example.body).filter(
      ([key, value]) => key !== 'state' && value !== '',
    );
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
  },
);

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
