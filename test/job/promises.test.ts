import {describe, expect, it} from 'vitest';
import {loadJob} from '../../src/job/load-jobs.ts';
import {issuesOf, now, readRow, valuesOf} from './read-csv.ts';

/** What decides whether a row may be sent again, and who must agree to it. */
it.each([
  ['patronages', {roles: ['Advanced tutor'], confirm: undefined, remove: true}],
  ['cursus-users', {roles: ['Advanced tutor'], confirm: undefined, remove: true}],
  ['user-candidatures', {roles: ['Advanced staff', 'Advanced tutor'], confirm: undefined, remove: false}],
  ['users', {roles: ['Advanced tutor'], confirm: undefined, remove: false}],
  ['closes', {roles: ['Basic staff'], scopes: ['tig'], confirm: 'count', remove: true}],
])('%s declares what it needs and promises', async (name, declared) => {
  const {definition} = await loadJob(name);
  const {needs, confirm} = definition;
  expect({...needs, confirm, remove: 'remove' in definition}).toEqual(declared);
});

it.each<[string, Record<string, string>, string, string]>([
  ['patronages', {user_id: 'Ana', godfather_id: 'ana'}, 'user_id', 'same_value'],
  ['patronages', {user_id: '5', godfather_id: '05'}, 'user_id', 'same_value'],
  [
    'cursus-users',
    {user_id: '5', cursus_id: '9', begin_at: '2026-12-01T01:00:00+01:00', end_at: '2026-12-01'},
    'end_at',
    'not_after',
  ],
  ['users', {id: '5', 'cursus_users.0.cursus_id': '9'}, 'cursus_users.0.begin_at', 'required'],
  ['users', {id: '5', 'cursus_users.0.begin_at': '2026-12-01'}, 'cursus_users.0.cursus_id', 'required'],
  ['users', {id: '5', 'languages_users.0.position': '2'}, 'languages_users.0.language_id', 'required'],
  [
    'users',
    {id: '5', 'languages_users.0.language_id': '2', 'languages_users.0._destroy': 'true'},
    'languages_users.0.id',
    'required',
  ],
  [
    'users',
    {
      id: '5',
      'cursus_users.0.cursus_id': '9',
      'cursus_users.0.begin_at': '2026-12-01',
      'cursus_users.0._destroy': 'true',
    },
    'cursus_users.0.id',
    'required',
  ],
  ['user-candidatures', {id: '5', birth_date: '2020-01-01'}, 'birth_date', 'out_of_range'],
  ['user-candidatures', {id: '5', phone_country_code: 'fr'}, 'phone_country_code', 'invalid_choice'],
  [
    'users',
    {id: '5', 'user_candidature.birth_date': '1920-01-01'},
    'user_candidature.birth_date',
    'out_of_range',
  ],
  [
    'closes',
    {user_id: '5', closer_id: '2', kind: 'other', reason: 'r', 'community_services.0.duration': '3600'},
    'community_services.0.duration',
    'invalid_choice',
  ],
])('%s refuses %j', async (name, cells, column, code) => {
  expect(issuesOf(readRow(await loadJob(name), cells)).map((issue) => [issue.column, issue.code])).toEqual([
    [column, code],
  ]);
});

describe('a request to change a user is idempotent unless it adds records', () => {
  it.each<[Record<string, string>, boolean]>([
    [{kind: 'student'}, true],
    [{'cursus_users.0.cursus_id': '9', 'cursus_users.0.begin_at': '2026-12-01'}, false],
    [{'cursus_users.0.id': '40', 'cursus_users.0.begin_at': '2026-12-01'}, true],
    [{'cursus_users.0.id': '40', 'cursus_users.0._destroy': 'yes'}, true],
    [{'cursus_users.0.id': '40', 'languages_users.0.language_id': '3'}, false],
    [{'user_candidature.gender': 'other'}, false],
    [{'user_candidature.gender': 'other', 'user_candidature.id': '22'}, true],
  ])('%j: %s', async (cells, isIdempotent) => {
    const job = await loadJob('users');
    expect(job.definition.isIdempotent?.(valuesOf(readRow(job, {id: '2', ...cells})))).toBe(isIdempotent);
  });
});

it('nested records travel under the names that the endpoint document gives them', async () => {
  const job = await loadJob('users');
  const row = valuesOf(
    readRow(job, {
      id: '2',
      image: 'a.png',
      'user_candidature.pin': '42',
      'cursus_users.0.id': '40',
      'cursus_users.0._destroy': 'yes',
      'languages_users.0.language_id': '3',
    }),
  );
  expect(job.definition.request(row)).toEqual({
    method: 'PUT',
    path: ['users', 2],
    body: {
      user: {
        image: {file: 'a.png'},
        user_candidature_attributes: {pin: '42'},
        cursus_users_attributes: [{id: 40, _destroy: 'true'}],
        languages_users_attributes: [{language_id: 3}],
      },
    },
  });
  const closes = await loadJob('closes');
  const close = {
    user_id: '64',
    closer_id: '2',
    kind: 'pace_unknown',
    reason: 'r',
    'community_services.0.duration': '28800',
  };
  expect(closes.definition.request(valuesOf(readRow(closes, close))).body).toEqual({
    close: {
      user_id: 64,
      closer_id: 2,
      kind: 'pace_unknown',
      reason: 'r',
      community_services_attributes: [{duration: 28_800}],
    },
  });
});

it('a candidature is found by its user where its id is not given', async () => {
  const job = await loadJob('user-candidatures');
  expect(job.definition.request(valuesOf(readRow(job, {user_id: '46', pin: '42'})))).toEqual({
    method: 'PUT',
    path: ['users', 46, 'user_candidature'],
    body: {user_candidature: {pin: '42'}},
  });
});

it('an enrolment that has begun is moved to the future before it is deleted', async () => {
  const job = await loadJob('cursus-users');
  const deletion = {method: 'DELETE', path: ['cursus_users', 127]};
  expect(job.definition.remove?.(127, {begin_at: '2026-11-24T08:42:01.000Z'}, now)).toEqual([deletion]);
  expect(job.definition.remove?.(127, {begin_at: '2026-11-23T08:42:00.000Z'}, now)).toEqual([
    {method: 'PUT', path: ['cursus_users', 127], body: {cursus_user: {begin_at: '2026-11-24T08:42:00.000Z'}}},
    {method: 'DELETE', path: ['cursus_users', 127]},
  ]);
});
