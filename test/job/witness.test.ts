import {describe, expect, it} from 'vitest';
import {differences} from '../../src/job/compare.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {mergeShown} from '../../src/job/merge-shown.ts';
import {keyColumns} from '../../src/job/natural-key.ts';
import type {Values} from '../../src/job/row.ts';
import {now, readRow, valuesOf} from './read-csv.ts';

const who = (id: number, login: string) => ({id, login, url: `https://api.intra.42.fr/v2/users/${login}`});

/** A row, what each reading of its job lists about it, and what no reading shows. */
const proofs: {job: string; cells: Record<string, string>; items: unknown[][]; unreadable: string[]}[] = [
  {
    job: 'patronages',
    cells: {user_id: '3', godfather_id: '4', ongoing: 'yes'},
    items: [[{id: 123, user_id: 3, godfather_id: 4, ongoing: true, user: who(3, 'gargamel')}]],
    unreadable: [],
  },
  {
    job: 'cursus-users',
    cells: {
      user_id: '1',
      cursus_id: '2',
      begin_at: '2017-07-22 13:43:10 UTC',
      end_at: '2018-03-22 14:43:10+01:00',
      skip_begin_validation: 'true',
    },
    items: [
      [
        {
          id: 127,
          begin_at: '2017-07-22T13:43:10.000Z',
          end_at: '2018-03-22T13:43:10.000Z',
          cursus_id: 2,
          has_coalition: true,
          user: who(1, 'jeanne'),
        },
      ],
    ],
    unreadable: [],
  },
  {
    job: 'closes',
    cells: {
      user_id: '64',
      closer_id: '2',
      kind: 'deserter',
      reason: 'Gone',
      'community_services.0.duration': '7200',
      'community_services.1.duration': '14400',
      'community_services.1.occupation': 'Sweep',
    },
    items: [
      [
        {
          id: 3,
          reason: 'Gone',
          state: 'close',
          community_services: [
            {id: 8, duration: 14_400, occupation: 'Sweep'},
            {id: 9, duration: 7200, occupation: null},
          ],
          user: who(64, 'shepalpa'),
          closer: who(2, 'andre'),
        },
      ],
    ],
    unreadable: [],
  },
  {
    job: 'user-candidatures',
    cells: {
      id: '23',
      user_id: '46',
      birth_date: '1992-02-29',
      meeting_date: '2017-01-06',
      max_level_logic: '2',
      pin: '<clear>',
    },
    items: [
      [
        {
          id: 23,
          user_id: 46,
          birth_date: '1992-02-29',
          meeting_date: '2017-01-06T00:00:00.000Z',
          max_level_logic: 2,
          pin: null,
        },
      ],
    ],
    unreadable: [],
  },
  {
    job: 'user-candidatures',
    cells: {user_id: '46', gender: 'female'},
    items: [[], [{id: 23, user_id: 46, gender: 'female'}]],
    unreadable: [],
  },
  {
    job: 'users',
    cells: {
      id: '2',
      first_name: 'Anakin',
      pool_year: '2017',
      email: 'anakin@caramail.net',
      password: 'totoroTOTOROOO',
      campus_id: '7',
      status: 'admis',
      'user_candidature.gender': 'male',
      'cursus_users.0.cursus_id': '9',
      'cursus_users.0.begin_at': '2026-12-01',
      'cursus_users.1.cursus_id': '21',
      'cursus_users.1.begin_at': '2027-12-01',
    },
    items: [
      [{id: 2, first_name: 'Anakin', pool_year: '2017', email: 'andre@student.42.fr'}],
      [{id: 2}],
      [{id: 2}],
      [{id: 22, user_id: 2, gender: 'male'}],
      [
        {id: 41, cursus_id: 21, begin_at: '2027-12-01T00:00:00Z', user: who(2, 'andre')},
        {id: 40, cursus_id: 9, begin_at: '2026-12-01T00:00:00Z', user: who(2, 'andre')},
      ],
    ],
    unreadable: ['email', 'password'],
  },
];

it.each(proofs)('the readings of $job prove what it wrote', async ({job: name, cells, items, unreadable}) => {
  const job = await loadJob(name);
  const row = valuesOf(readRow(job, cells));
  const shown: Values[] = [];
  job.definition.witness.forEach((reading, index) => {
    const listed = items[index] ?? [];
    expect(reading.when?.(row) ?? true).toBe(listed.length > 0);
    for (const item of listed) {
      const proof = reading.shows(item, reading.where?.(row) ?? {});
      // Whatever lists an item has to say whose it is, and by what it was asked for.
      for (const column of Object.values(reading.by)) expect(proof).toHaveProperty(column, row[column]);
      shown.push(proof);
    }
  });
  const merged = mergeShown(shown);
  for (const column of keyColumns(job, row)) expect(merged[column]).toBe(row[column]);
  expect(differences(job, row, merged)).toEqual({differs: [], unreadable});
});

it('an item of another form proves nothing, and throws nothing', async () => {
  for (const {job: name, cells} of proofs) {
    const job = await loadJob(name);
    const row = valuesOf(readRow(job, cells));
    for (const reading of job.definition.witness) {
      for (const item of [null, 'Service unavailable', [], {}, {user: null, community_services: {}}]) {
        const proof = reading.shows(item, reading.where?.(row) ?? {});
        expect(differences(job, row, proof).unreadable).not.toEqual([]);
      }
    }
  }
});

it('closes are asked for by kind, and only those that are not undone', async () => {
  const job = await loadJob('closes');
  const [reading] = job.definition.witness;
  expect(reading?.where?.({user_id: 64, kind: 'agu'})).toEqual({kind: 'agu', state: 'close'});
});

it('a status with a comma, which a filter would take for two, is not asked for', async () => {
  const job = await loadJob('users');
  const asking = (status: string) =>
    job.definition.witness.filter((reading) => reading.when?.({id: 2, status}));
  expect(asking('admis')).toHaveLength(1);
  expect(asking('admis, late')).toHaveLength(0);
});

describe('a request to change a user adds records', () => {
  it.each<[Record<string, string>, boolean]>([
    [{kind: 'student'}, false],
    [{'cursus_users.0.cursus_id': '9', 'cursus_users.0.begin_at': '2026-12-01'}, true],
    [{'cursus_users.0.id': '40', 'cursus_users.0.begin_at': '2026-12-01'}, false],
    [{'cursus_users.0.id': '40', 'cursus_users.0._destroy': 'yes'}, false],
    [{'cursus_users.0.id': '40', 'languages_users.0.language_id': '3'}, true],
    [{'user_candidature.gender': 'other'}, true],
    [{'user_candidature.gender': 'other', 'user_candidature.id': '22'}, false],
  ])('%j: %s', async (cells, adds) => {
    const job = await loadJob('users');
    expect(job.definition.adds?.(valuesOf(readRow(job, {id: '2', ...cells})))).toBe(adds);
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
        user_candidature_attributes: [{pin: '42'}],
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

it('an enrolment is moved to the future before it is deleted', async () => {
  const job = await loadJob('cursus-users');
  expect(job.definition.undo?.(127, now)).toEqual([
    {method: 'PUT', path: ['cursus_users', 127], body: {cursus_user: {begin_at: '2026-11-24T08:42:00.000Z'}}},
    {method: 'DELETE', path: ['cursus_users', 127]},
  ]);
});
