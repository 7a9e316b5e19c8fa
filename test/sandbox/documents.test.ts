import {describe, expect, test} from 'vitest';
import {openSandbox} from './open-sandbox.ts';

const nowMs = Date.parse('2017-11-22T13:43:50.782Z');
const now = () => nowMs;
const at = '2017-11-22T13:43:50.782Z';
const reference = (id: number, login: string) => ({
  id,
  login,
  url: `https://api.intra.42.fr/v2/users/${login}`,
});

describe("the endpoint documents' own requests are answered as they say", () => {
  test('POST /v2/patronages', async () => {
    const {send} = await openSandbox({now});
    const response = await send('POST', '/v2/patronages', {patronage: {godfather_id: '4', user_id: '3'}});
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      id: 123,
      user_id: 3,
      godfather_id: 4,
      ongoing: true,
      created_at: at,
      updated_at: at,
      user: reference(3, 'gargamel'),
      godfather: reference(4, 'kpedro'),
    });
  });

  test('POST /v2/cursus_users', async () => {
    const {send} = await openSandbox({now});
    const response = await send('POST', '/v2/cursus_users', {
      cursus_user: {
        begin_at: '2017-07-22 13:43:10 UTC',
        cursus_id: '2',
        end_at: '2018-03-22 13:43:10 UTC',
        user_id: '1',
      },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      id: 127,
      begin_at: '2017-07-22T13:43:10.000Z',
      end_at: '2018-03-22T13:43:10.000Z',
      grade: null,
      level: 0,
      skills: [],
      cursus_id: 2,
      has_coalition: true,
      user: reference(1, 'jeanne'),
      cursus: {id: 2, created_at: '2017-11-22T13:41:00.825Z', name: '42', slug: '42'},
    });
  });

  test('POST /v2/closes', async () => {
    const {send} = await openSandbox({now});
    const reason = 'Mange des patates douces en cluster 🍠';
    const response = await send('POST', '/v2/closes', {
      close: {closer_id: '2', kind: 'other', reason, state: 'close', user_id: '64'},
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      id: 3,
      reason,
      state: 'close',
      created_at: at,
      updated_at: at,
      community_services: [],
      user: reference(64, 'shepalpa'),
      closer: reference(2, 'andre'),
    });
  });

  test('PUT /v2/user_candidatures/23', async () => {
    const {send} = await openSandbox({now});
    const user_candidature = {
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
    };
    const response = await send('PUT', '/v2/user_candidatures/23', {user_candidature});
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    const stored = await send('GET', '/v2/users/46/user_candidature');
    expect(await stored.json()).toMatchObject({
      ...user_candidature,
      id: 23,
      user_id: 46,
      max_level_logic: 2,
      max_level_memory: 1,
      meeting_date: '2017-01-06T00:00:00.000Z',
    });
  });

  test('PUT /v2/users/2', async () => {
    const {send, sandbox} = await openSandbox({now});
    const user = {
      email: 'anakin@caramail.net',
      first_name: 'Anakin',
      kind: 'student',
      last_name: 'Skywalker',
      password: 'totoroTOTOROOO',
      pool_month: 'september',
      pool_year: '2017',
      status: 'admis',
    };
    const response = await send('PUT', '/v2/users/2', {user: {...user, campus_id: '7'}});
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect(sandbox.store.users.get(2)).toMatchObject({...user, login: 'andre', campus_id: 7});
    const shown = (await (await send('GET', '/v2/users/andre')).json()) as object;
    expect(shown).toMatchObject({
      first_name: 'Anakin',
      email: 'andre@student.42.fr',
      pool_month: 'september',
    });
    expect(shown).not.toHaveProperty('password');
    expect(shown).not.toHaveProperty('status');
  });

  test('parameters in the query, as the Ruby samples send them', async () => {
    const {send, sandbox} = await openSandbox();
    const query = 'patronage%5Bgodfather_id%5D=4&patronage%5Buser_id%5D=3&patronage[ongoing]=false';
    expect((await send('POST', `/v2/patronages?${query}`)).status).toBe(201);
    expect(sandbox.store.patronages.get(123)).toMatchObject({user_id: 3, godfather_id: 4, ongoing: false});
  });
});
