import {createHash} from 'node:crypto';
import {describe, expect, test} from 'vitest';
import {openSandbox} from './open-sandbox.ts';

describe('own fields', () => {
  test('login and email must be free, and some fields cannot be null', async () => {
    const {send, sandbox} = await openSandbox();
    const user = {login: 'AMARTIN', email: sandbox.store.users.get(3)?.email, kind: 'guru', first_name: null};
    const response = await send('PUT', '/v2/users/2', {user});
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      errors: [
        "First name can't be blank",
        'Kind is not included in the list',
        'Login has already been taken',
        'Email has already been taken',
      ],
    });
    expect((await send('PUT', '/v2/users/2', {user: {login: 'anakin', pool_year: null}})).status).toBe(204);
    expect(sandbox.store.users.get(2)).toMatchObject({login: 'anakin', pool_year: null});
    await send('PUT', '/v2/users/2', {user: {email_stop: 'true'}});
    await send('PUT', '/v2/users/2', {user: {status: 'admis'}});
    expect(sandbox.store.users.get(2)).toMatchObject({email_stop: true, status: 'admis', login: 'anakin'});
    expect((await send('GET', '/v2/users/andre')).status).toBe(404);
    expect((await send('GET', '/v2/users/Anakin')).status).toBe(200);
  });
});

describe('an image by multipart', () => {
  const upload = (size: number, fields: Record<string, string> = {}) => {
    const bytes = Uint8Array.from({length: size}, (_, index) => (index * 7) % 256);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('user[image]', new Blob([bytes], {type: 'image/png'}), 'my "face".png');
    return {form, sha256: createHash('sha256').update(bytes).digest('hex')};
  };

  test('arrives whole, beside bracketed fields', async () => {
    const {send, sandbox} = await openSandbox();
    const {form, sha256} = upload(5000, {
      'user[first_name]': 'Zoé\r\n🍠',
      'user[languages_users_attributes][][language_id]': '5',
    });
    expect((await send('PUT', '/v2/users/kpedro', form)).status).toBe(204);
    const image = {filename: 'my "face".png', type: 'image/png', size: 5000, sha256};
    expect(sandbox.store.users.get(4)).toMatchObject({first_name: 'Zoé\r\n🍠', image});
    expect(sandbox.store.languagesUsers.by('user_id', 4)).toMatchObject([{language_id: 5}]);
    expect(sandbox.ledger.at(-1)?.body).toEqual({
      user: {first_name: 'Zoé\r\n🍠', languages_users_attributes: [{language_id: '5'}], image},
    });
  });

  test.each([
    [3071, 422],
    [3072, 204],
    [1_048_576, 204],
    [1_048_577, 422],
  ])('of %i bytes is answered %i', async (size, status) => {
    const {send, sandbox} = await openSandbox();
    expect((await send('PUT', '/v2/users/4', upload(size).form)).status).toBe(status);
    expect(sandbox.store.users.get(4)?.image?.size).toBe(status === 204 ? size : undefined);
  });

  test('cannot go through JSON, and a broken multipart body is 400', async () => {
    const {send, sandbox, token} = await openSandbox();
    expect((await send('PUT', '/v2/users/4', {user: {image: 'face.png'}})).status).toBe(422);
    const headers = {
      authorization: `Bearer ${await token()}`,
      'content-type': 'multipart/form-data; boundary=b',
    };
    const body = '--b\r\nContent-Disposition: form-data; name="user[status]"\r\n\r\ncut';
    expect((await fetch(`${sandbox.url}/v2/users/4`, {method: 'PUT', headers, body})).status).toBe(400);
    expect(sandbox.store.users.get(4)?.status).toBeNull();
  });
});

describe('nested rows', () => {
  test('cursus: added without an id, changed or destroyed with one, all or nothing', async () => {
    const {send, sandbox} = await openSandbox();
    const put = (...rows: object[]) => send('PUT', '/v2/users/1010', {user: {cursus_users_attributes: rows}});
    expect(
      (await put({cursus_id: '21', begin_at: '2026-01-02'}, {cursus_id: 9, begin_at: '2026-01-03'})).status,
    ).toBe(204);
    const {cursusUsers} = sandbox.store;
    const own = () =>
      cursusUsers.by('user_id', 1010).map(({id, cursus_id, end_at}) => [id, cursus_id, end_at]);
    expect(own()).toEqual([
      [127, 21, null],
      [128, 9, null],
    ]);
    const twice = await put({id: 128, end_at: '2026-06-01'}, {cursus_id: 21, begin_at: '2026-01-02'});
    expect(twice.status).toBe(422);
    expect(own()[1]).toEqual([128, 9, null]);
    expect((await put({id: '127', _destroy: '1'}, {id: 128, end_at: '2026-06-01'})).status).toBe(204);
    expect(own()).toEqual([[128, 9, '2026-06-01T00:00:00.000Z']]);
    expect((await put({cursus_id: 66})).status).toBe(422);
    expect((await send('PUT', '/v2/users/1011', {user: {cursus_users_attributes: [{id: 128}]}})).status).toBe(
      404,
    );
    expect((await send('PUT', '/v2/users/1010', {user: {cursus_users_attributes: {id: 128}}})).status).toBe(
      500,
    );
  });

  test('languages: the same request twice adds two records', async () => {
    const {send, sandbox} = await openSandbox();
    const {languagesUsers} = sandbox.store;
    const put = (row: object) => send('PUT', '/v2/users/2', {user: {languages_users_attributes: [row]}});
    await put({language_id: 3, position: '2'});
    await put({language_id: 3, position: '2'});
    expect(languagesUsers.by('user_id', 2)).toMatchObject([{language_id: 3, position: 2}, {language_id: 3}]);
    expect((await put({id: 1, position: 7})).status).toBe(204);
    expect((await put({id: 2, _destroy: true})).status).toBe(204);
    expect(languagesUsers.by('user_id', 2)).toMatchObject([{id: 1, language_id: 3, position: 7}]);
  });

  test('candidature: changed by its id, replaced without one', async () => {
    const {send, sandbox} = await openSandbox();
    const put = (row: object) => send('PUT', '/v2/users/46', {user: {user_candidature_attributes: row}});
    const own = () => sandbox.store.candidatures.by('user_id', 46);
    expect((await put({id: 23, gender: 'unsaid', pin: '9876'})).status).toBe(204);
    expect(own()).toMatchObject([{id: 23, gender: 'unsaid', pin: '9876', country: 'France'}]);
    expect((await put({id: 22, pin: '1'})).status).toBe(404);
    expect((await put({phone_country_code: 'ZZ'})).status).toBe(422);
    expect((await put({phone_country_code: '', pin: '5'})).status).toBe(204);
    expect(own()).toMatchObject([{pin: '5', phone_country_code: ''}]);
    expect(own()[0]).not.toHaveProperty('country');
    expect(own()[0]?.id).not.toBe(23);
  });

  test.each([
    ['object', {pin: '42'}, [{pin: '42'}]],
    ['array', [{pin: '42'}], {pin: '42'}],
  ] as const)('candidature: taken as one %s, and nothing else', async (candidatureAs, taken, refused) => {
    const {send} = await openSandbox({candidatureAs});
    const put = (nested: unknown) =>
      send('PUT', '/v2/users/46', {user: {user_candidature_attributes: nested}});
    expect((await put(taken)).status).toBe(204);
    expect((await put(refused)).status).toBe(500);
  });
});
