import {expect, it} from 'vitest';
import {differences} from '../../src/job/compare.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {mergeObserved} from '../../src/job/merge-observed.ts';
import {keyColumns} from '../../src/job/natural-key.ts';
import {each, pick} from '../../src/job/pick.ts';
import type {Values} from '../../src/job/row.ts';
import {readRow, valuesOf} from './read-csv.ts';

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
  job.definition.readBack.forEach((reading, index) => {
    const listed = items[index] ?? [];
    expect(reading.when?.(row) ?? true).toBe(listed.length > 0);
    for (const item of listed) {
      const proof = reading.observe(item, reading.where?.(row) ?? {});
      // Whatever lists an item has to say whose it is, and by what it was asked for.
      for (const column of Object.values(reading.by)) expect(proof).toHaveProperty(column, row[column]);
      shown.push(proof);
    }
  });
  const merged = mergeObserved(shown);
  for (const column of keyColumns(job, row)) expect(merged[column]).toBe(row[column]);
  expect(differences(job, row, merged)).toEqual({differs: [], unreadable});
});

it('an item of another form proves nothing, and throws nothing', async () => {
  for (const {job: name, cells} of proofs) {
    const job = await loadJob(name);
    const row = valuesOf(readRow(job, cells));
    for (const reading of job.definition.readBack) {
      for (const item of [null, 'Service unavailable', [], {}, {user: null, community_services: {}}]) {
        const proof = reading.observe(item, reading.where?.(row) ?? {});
        expect(differences(job, row, proof).unreadable).not.toEqual([]);
      }
    }
  }
});

it('closes are asked for by kind, and only those that are not undone', async () => {
  const job = await loadJob('closes');
  const [reading] = job.definition.readBack;
  expect(reading?.where?.({user_id: 64, kind: 'agu'})).toEqual({kind: 'agu', state: 'close'});
});

it('a status with a comma, which a filter would take for two, is not asked for', async () => {
  const job = await loadJob('users');
  const asking = (status: string) =>
    job.definition.readBack.filter((reading) => reading.when?.({id: 2, status}));
  expect(asking('admis')).toHaveLength(1);
  expect(asking('admis, late')).toHaveLength(0);
});

it('having no enrolment and no candidature is something that is known', async () => {
  const {definition} = await loadJob('users');
  const none = mergeObserved(definition.readBack.map((reading) => reading.absentMeans ?? {}));
  expect(none).toEqual({cursus_users: [], user_candidature: null});
});

it('an item cannot show what it only inherits', () => {
  expect(
    pick({user: {}}, ['constructor'], {name: 'user.constructor.name', lists: each('user', ['id'])}),
  ).toEqual({});
});
