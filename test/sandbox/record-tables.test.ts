import {describe, expect, test} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server.ts';
import {openSandbox} from './open-sandbox.ts';

const at = '2017-11-22T13:43:50.782Z';
const now = () => Date.parse(at);
const times = {created_at: at, updated_at: at};
const reference = (id: number, login: string) => ({
  id,
  login,
  url: `https://api.intra.42.fr/v2/users/${login}`,
});

/** Requests of the endpoint documents' examples, about people who are here, and what the examples answer. */
const documented: {path: string; body: object; answer: object}[] = [
  {
    path: 'groups_users',
    body: {groups_user: {group_id: '3', user_id: '2'}},
    answer: {id: 5, user_id: 2, group_id: 3, ...times},
  },
  {
    path: 'achievements_users',
    body: {achievements_user: {achievement_id: '1', user_id: '1'}},
    answer: {...reference(1, 'jeanne'), id: 127, user_id: 1, created_at: at},
  },
  {
    path: 'coalitions_users',
    body: {coalitions_user: {coalition_id: '2', user_id: '64'}},
    answer: {id: 5, coalition_id: 2, user_id: 64, ...times},
  },
  {
    path: 'campus_users',
    body: {campus_user: {campus_id: '6', user_id: '1'}},
    answer: {id: 127, user_id: 1, campus_id: 6, is_primary: false},
  },
  {
    path: 'transactions',
    body: {transaction: {value: 5, user_id: 1, transactable_type: 'Tuteur api', reason: 'cadeau'}},
    answer: {
      id: 6,
      value: 5,
      user_id: 1,
      transactable_id: null,
      transactable_type: 'Tuteur api',
      reason: 'cadeau',
      user: reference(1, 'jeanne'),
    },
  },
  {
    path: 'anti_grav_units_users',
    body: {
      anti_grav_units_user: {
        begin_date: '2019-12-09',
        expected_end_date: '2020-02-10',
        user_id: 64,
        is_free: true,
        anti_grav_unit_id: 1,
      },
    },
    answer: {
      anti_grav_units_user: {
        id: 64,
        user_id: 64,
        anti_grav_unit_id: 1,
        begin_date: '2019-12-09',
        expected_end_date: '2020-02-10',
        reason: null,
        is_free: true,
        close_id: null,
        ...times,
      },
    },
  },
];

test.each(documented)('POST /v2/$path is answered as its document says', async ({path, body, answer}) => {
  const {send} = await openSandbox({now});
  const response = await send('POST', `/v2/${path}`, body);
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual(answer);
  const listed = await send('GET', `/v2/${path}`);
  expect(await listed.json()).toEqual([answer]);
});

test('answers show no more than the documents: no team, no project id, no time of a transaction', async () => {
  const {send} = await openSandbox({now});
  const post = async (path: string, body: object) =>
    Object.keys((await (await send('POST', `/v2/${path}`, body)).json()) as object).toSorted();
  expect(
    await post('teams_uploads', {teams_upload: {team_id: '66', upload_id: '1', final_mark: '42'}}),
  ).toEqual(['comment', 'created_at', 'final_mark', 'id', 'upload', 'upload_id']);
  const project = await post('projects_users', {projects_user: {project_id: '1', user_id: '1'}});
  expect(project).toEqual(expect.arrayContaining(['project', 'user', 'status']));
  expect(project).not.toEqual(expect.arrayContaining(['user_id']));
});

const pairs = [
  ['groups_users', 'groups_user', 'group_id', 'group_id'],
  ['titles_users', 'titles_user', 'title_id', 'title_id'],
  ['events_users', 'events_user', 'event_id', 'user_id'],
  ['achievements_users', 'achievements_user', 'achievement_id', 'user_id'],
  ['coalitions_users', 'coalitions_user', 'coalition_id', 'user_id'],
  ['campus_users', 'campus_user', 'campus_id', 'user_id'],
  ['projects_users', 'projects_user', 'project_id', 'user_id'],
] as const;

describe.each(pairs)('%s', (name, root, other, taken) => {
  const body = {[root]: {[other]: 12, user_id: 3}};

  test('are taken once', async () => {
    const {send, sandbox} = await openSandbox();
    expect((await send('POST', `/v2/${name}`, body)).status).toBe(201);
    const again = await send('POST', `/v2/${name}`, body);
    expect(again.status).toBe(422);
    expect(await again.json()).toEqual({errors: {[taken]: ['has already been taken']}});
    expect((await send('POST', `/v2/${name}`, {[root]: {[other]: 13, user_id: 3}})).status).toBe(201);
    expect(sandbox.store.tables[name].size).toBe(2);
  });

  test('need both records, and refuse a user or another record that does not exist', async () => {
    const {send, sandbox} = await openSandbox();
    const refusal = async (given: object) => {
      const response = await send('POST', `/v2/${name}`, {[root]: given});
      return [response.status, await response.json()];
    };
    expect(await refusal({[other]: 12})).toEqual([422, {errors: {user_id: ["can't be blank"]}}]);
    expect(await refusal({[other]: 12, user_id: 77})).toEqual([422, {errors: {user: ['must exist']}}]);
    expect((await refusal({[other]: 5_000_000, user_id: 3}))[0]).toBe(422);
    expect(sandbox.store.tables[name].size).toBe(0);
  });
});

test('an exam is named by the path, and who may register may not read', async () => {
  const {send, sandbox} = await openSandbox({roles: ['Advanced tutor'], now});
  const response = await send('POST', '/v2/exams/42/exams_users', {exams_user: {user_id: 3}});
  expect(await response.json()).toEqual({id: 1, exam_id: 42, user_id: 3, ...times});
  expect((await send('GET', '/v2/exams/42/exams_users')).status).toBe(403);
  expect((await send('GET', '/v2/exams_users')).status).toBe(404);
  expect((await send('DELETE', '/v2/exams/43/exams_users/1')).status).toBe(404);
  expect((await send('DELETE', '/v2/exams/42/exams_users/1')).status).toBe(204);
  expect(sandbox.store.tables.exams_users.size).toBe(0);
});

test("the id that removes a registration for an exam may be the user's", async () => {
  const {send} = await openSandbox({examsUserId: 'user'});
  await send('POST', '/v2/exams/42/exams_users', {exams_user: {user_id: 3}});
  expect((await send('DELETE', '/v2/exams/42/exams_users/1')).status).toBe(404);
  expect((await send('DELETE', '/v2/exams/42/exams_users/3')).status).toBe(204);
});

test('a list below a parent holds what belongs to it', async () => {
  const {send} = await openSandbox();
  for (const [group_id, user_id] of [
    [7, 1],
    [8, 1],
    [7, 2],
  ])
    await send('POST', '/v2/groups_users', {groups_user: {group_id, user_id}});
  const users = async (path: string) =>
    ((await (await send('GET', `/v2/${path}`)).json()) as {id: number}[]).map(({id}) => id);
  expect(await users('groups/7/groups_users')).toEqual([5, 7]);
  expect(await users('users/jeanne/groups_users')).toEqual([5, 6]);
  // These lists take neither filters nor a sort.
  expect(await users('groups_users?filter[user_id]=2&sort=-id')).toEqual([5, 6, 7]);
});

const undocumented = async (options: SandboxOptions) => {
  const {send} = await openSandbox({now, ...options});
  for (const user_id of [3, 4])
    await send('POST', '/v2/events_users', {events_user: {event_id: 12, user_id}});
  return (await send('GET', '/v2/events_users?filter[user_id]=3')).json();
};

test('items that no document shows name their records in one of three ways', async () => {
  expect(await undocumented({})).toEqual([{id: 1, event_id: 12, user_id: 3, ...times}]);
  expect(await undocumented({links: 'nested'})).toEqual([
    {id: 1, event: {id: 12}, user: reference(3, 'gargamel'), ...times},
  ]);
  expect(await undocumented({links: 'bare'})).toEqual([{id: 1, ...times}]);
});

test('a list may ignore its filters', async () => {
  expect(await undocumented({filters: 'ignored'})).toHaveLength(2);
});

test('correction points are given and taken, and the history shows each move', async () => {
  const {send} = await openSandbox({now});
  const points = '/v2/users/jeanne/correction_points';
  expect((await send('POST', `${points}/add`, {amount: '3', reason: 'Rush'})).status).toBe(200);
  expect((await send('DELETE', `${points}/remove`, {amount: 2, reason: 'Absent'})).status).toBe(200);
  expect((await send('POST', `${points}/add`, {amount: 1})).status).toBe(422);
  const move = {user_data_id: 1, scale_team_id: null, ...times};
  expect(await (await send('GET', '/v2/users/1/correction_point_historics')).json()).toEqual([
    {id: 1, reason: 'Rush', sum: 3, total: 8, ...move},
    {id: 2, reason: 'Absent', sum: -2, total: 6, ...move},
  ]);
  const filtered = await send('GET', '/v2/users/1/correction_point_historics?filter[reason]=Absent');
  expect(await filtered.json()).toMatchObject([{id: 2}]);
  expect(await (await send('GET', '/v2/users/1')).json()).toMatchObject({correction_point: 6});
});

test('wallets are those of all transactions, and one with a transactable is taken once', async () => {
  const {send} = await openSandbox();
  const give = async (more: object) =>
    (
      await send('POST', '/v2/transactions', {
        transaction: {value: 7, user_id: 1, transactable_type: 'Quiz', reason: 'Won', ...more},
      })
    ).status;
  expect([await give({}), await give({})]).toEqual([201, 201]);
  expect([await give({transactable_id: 9}), await give({transactable_id: 9})]).toEqual([201, 422]);
  expect(await (await send('GET', '/v2/users/1')).json()).toMatchObject({wallet: 21});
  expect((await send('DELETE', '/v2/transactions/6')).status).toBe(204);
  expect(await (await send('GET', '/v2/users/1')).json()).toMatchObject({wallet: 14});
});

test('scores belong to a membership, and are removed under their coalition', async () => {
  const {send, sandbox} = await openSandbox({now});
  await send('POST', '/v2/coalitions_users', {coalitions_user: {coalition_id: 45, user_id: 3}});
  const score = {coalitions_user_id: 5, value: 30, reason: 'Quiz'};
  expect((await send('POST', '/v2/coalitions/45/scores', {score})).status).toBe(201);
  const listed = await send('GET', '/v2/coalitions_users/5/scores?filter[reason]=other');
  expect(await listed.json()).toMatchObject([{id: 3, coalition_id: 45, ...score}]);
  const stranger = await send('POST', '/v2/coalitions/45/scores', {
    score: {...score, coalitions_user_id: 6},
  });
  expect(stranger.status).toBe(422);
  expect((await send('DELETE', '/v2/scores/3')).status).toBe(404);
  expect((await send('DELETE', '/v2/coalitions/45/scores/3')).status).toBe(204);
  expect(sandbox.store.tables.scores.size).toBe(0);
});

test('services hang on a close, which shows them, and show no user', async () => {
  const {send} = await openSandbox({now});
  const close = {closer_id: '2', kind: 'other', reason: 'Loud', user_id: '64', end_at: '2018-01-02'};
  const first = {community_services_attributes: [{duration: 7200}]};
  await send('POST', '/v2/closes', {close: {...close, ...first}});
  const service = {close_id: '3', duration: '14400', occupation: 'Sweep', tiger_id: '2'};
  const created = await send('POST', '/v2/community_services', {community_service: service});
  const shown = (await created.json()) as object;
  expect(shown).toMatchObject({id: 4, duration: 14_400, occupation: 'Sweep', close: {id: 3, reason: 'Loud'}});
  expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['user_id']));
  expect(await (await send('GET', '/v2/closes/3')).json()).toMatchObject({
    end_at: '2018-01-02T00:00:00.000Z',
    community_services: [{duration: 7200}, {duration: 14_400, occupation: 'Sweep'}],
  });
  const long = {...service, occupation: 'x'.repeat(256)};
  expect((await send('POST', '/v2/community_services', {community_service: long})).status).toBe(422);
});

test('a freeze begins today where it names no day, and cannot be removed', async () => {
  const {send} = await openSandbox({now});
  const freeze = {user_id: 64, expected_end_date: '2018-01-02'};
  await send('POST', '/v2/anti_grav_units_users', {anti_grav_units_user: freeze});
  const path = '/v2/anti_grav_units_users/64';
  expect((await send('PUT', path, {anti_grav_units_user: {reason: 'Work'}})).status).toBe(204);
  expect(await (await send('GET', path)).json()).toMatchObject({
    anti_grav_units_user: {...freeze, begin_date: '2017-11-22', reason: 'Work', is_free: false},
  });
  expect((await send('DELETE', path)).status).toBe(404);
});

test('days of the black hole are given back without a body, and nothing shows it', async () => {
  const {send, sandbox} = await openSandbox();
  const response = await send('POST', '/v2/users/jeanne/free_past_agu', {duration: 2, reason: 'Ill'});
  expect([response.status, await response.text()]).toEqual([200, '']);
  expect([...sandbox.store.tables.free_past_agus.values()]).toMatchObject([
    {user_id: 1, duration: 2, reason: 'Ill'},
  ]);
});

test.each([
  ['achievements_users', 'achievements_user', {achievement_id: 1, user_id: 1}, 'Achievements manager'],
  [
    'transactions',
    'transaction',
    {user_id: 1, value: 1, transactable_type: 't', reason: 'r'},
    'Transactions manager',
  ],
  ['events_users', 'events_user', {event_id: 1, user_id: 1}, 'Events manager'],
])('%s are for one role', async (name, root, given, role) => {
  const without = await openSandbox({roles: ['Advanced tutor', 'Basic staff']});
  expect((await without.send('POST', `/v2/${name}`, {[root]: given})).status).toBe(403);
  const {send} = await openSandbox({roles: [role]});
  expect((await send('POST', `/v2/${name}`, {[root]: given})).status).toBe(201);
});

test('a mark of a project needs the scope, registering does not', async () => {
  const {send, token} = await openSandbox();
  const headers = {authorization: `Bearer ${await token('public')}`};
  const project = {projects_user: {project_id: 1, user_id: 1, final_mark: 80}};
  expect((await send('POST', '/v2/projects_users', project, headers)).status).toBe(201);
  expect((await send('PUT', '/v2/projects_users/69', project, headers)).status).toBe(403);
  expect((await send('PUT', '/v2/projects_users/69', project)).status).toBe(204);
});
