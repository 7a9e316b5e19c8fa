import {request} from 'node:http';
import {describe, expect, test} from 'vitest';
import {openSandbox} from './open-sandbox.ts';

describe('who may do what', () => {
  test('a request without a User-Agent gets an empty 403', async () => {
    const {sandbox, token} = await openSandbox();
    const headers = {authorization: `Bearer ${await token()}`};
    const [status, text] = await new Promise<[number | undefined, string]>((resolve, reject) => {
      request(`${sandbox.url}/v2/users`, {headers, agent: false}, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve([response.statusCode, body]));
      })
        .on('error', reject)
        .end();
    });
    expect([status, text]).toEqual([403, '']);
  });

  test('a missing role and a missing scope have their own 403', async () => {
    const {send, sandbox, token} = await openSandbox({roles: ['Basic staff']});
    const patronage = {user_id: 3, godfather_id: 4};
    const role = await send('POST', '/v2/patronages', {patronage});
    expect(role.status).toBe(403);
    expect(await role.json()).toMatchObject({error: 'Access Denied'});
    expect(role.headers.get('x-application-roles')).toBe('Basic staff');
    const scope = await send('GET', '/v2/closes', undefined, {
      authorization: `Bearer ${await token('public')}`,
    });
    expect(scope.status).toBe(403);
    expect(scope.headers.get('www-authenticate')).toContain('error="insufficient scope"');
    expect(scope.headers.get('www-authenticate')).toContain('[tig]');
    expect((await send('GET', '/v2/closes')).status).toBe(200);
    expect(sandbox.store.patronages.size).toBe(0);
  });

  test('unknown routes and records', async () => {
    const {send} = await openSandbox();
    const route = await send('GET', '/v2/nothing');
    expect([route.status, await route.text()]).toEqual([404, '{}']);
    expect((await send('GET', '/v2/me')).status).toBe(401);
    expect((await send('GET', '/v2/users/nobody')).status).toBe(404);
    const parent = await send('POST', '/v2/patronages', {patronage: {user_id: 999, godfather_id: 4}});
    expect(parent.status).toBe(404);
    expect(parent.headers.get('content-type')).toContain('text/html');
  });
});

describe('validation', () => {
  test.each([
    ['patronages', {patronage: {user_id: 3}}, {errors: {godfather_id: ["can't be blank"]}}],
    ['patronages', {patronage: {user_id: 'x3', godfather_id: 4}}, {errors: {user_id: ['is not a number']}}],
    ['patronages', {patronage: {user_id: 3, godfather_id: 777}}, {errors: {godfather: ['must exist']}}],
    [
      'patronages',
      {patronage: {user_id: 3, godfather_id: 4, ongoing: 'perhaps'}},
      {errors: {ongoing: ['is not included in the list']}},
    ],
    [
      'cursus_users',
      {cursus_user: {user_id: 3, cursus_id: 21, begin_at: '2023-02-30'}},
      {errors: {begin_at: ['is invalid']}},
    ],
    [
      'closes',
      {close: {user_id: 64, closer_id: 2, kind: 'lunch', reason: 'x'}},
      {error: 'Unprocessable Entity', message: 'Validation failed: Kind is not included in the list'},
    ],
    [
      'closes',
      {close: {user_id: 64, kind: 'other', reason: 'x', community_services_attributes: [{duration: 60}]}},
      {
        error: 'Unprocessable Entity',
        message:
          "Validation failed: Closer can't be blank, Community services duration is not included in the list",
      },
    ],
  ])('POST /v2/%s %j', async (path, body, answer) => {
    const {send, sandbox} = await openSandbox();
    const response = await send('POST', `/v2/${path}`, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual(answer);
    expect(sandbox.ledger.at(-1)).toMatchObject({status: 422, body});
    expect(sandbox.ledger.at(-1)).not.toHaveProperty('applied');
  });

  test('a missing root key, broken JSON and JSON without its content type are 400', async () => {
    const {send, sandbox, token} = await openSandbox();
    expect((await send('POST', '/v2/patronages', {user_id: 3, godfather_id: 4})).status).toBe(400);
    const broken = await fetch(`${sandbox.url}/v2/patronages`, {
      method: 'POST',
      headers: {authorization: `Bearer ${await token()}`, 'content-type': 'application/json'},
      body: '{"patronage": {"user_id": 3, "godfather_id": 4}',
    });
    expect([broken.status, await broken.text()]).toEqual([
      400,
      expect.stringContaining('problem in the body'),
    ]);
    const typeless = await send(
      'POST',
      '/v2/patronages',
      {patronage: {user_id: 3, godfather_id: 4}},
      {'content-type': 'text/plain'},
    );
    expect(typeless.status).toBe(400);
  });

  test('a second cursus of the same user is refused, a second patronage or close is not', async () => {
    const {send, sandbox} = await openSandbox();
    const cursus_user = {user_id: 1005, cursus_id: 21, begin_at: '2026-09-01T08:00:00+02:00'};
    expect((await send('POST', '/v2/cursus_users', {cursus_user})).status).toBe(201);
    const again = await send('POST', '/v2/users/1005/cursus_users', {cursus_user});
    expect(again.status).toBe(422);
    expect(await again.json()).toEqual({errors: {cursus_id: ['has already been taken']}});
    const patronage = {user_id: 1001, godfather_id: 1002};
    for (let time = 0; time < 2; time++) await send('POST', '/v2/patronages', {patronage});
    const close = {user_id: 1003, closer_id: 2, kind: 'deserter', reason: 'gone'};
    for (let time = 0; time < 2; time++) await send('POST', '/v2/closes', {close});
    const {patronages, closes, cursusUsers} = sandbox.store;
    expect([patronages.size, closes.size, cursusUsers.size]).toEqual([2, 2, 1]);
    expect(cursusUsers.get(127)?.begin_at).toBe('2026-09-01T06:00:00.000Z');
  });

  test('uniqueness of patronages and closes can be switched on', async () => {
    const {send} = await openSandbox({patronagesUnique: true, closesUnique: true});
    const patronage = {user_id: 1001, godfather_id: 1002};
    const close = {user_id: 1003, closer_id: 2, kind: 'deserter', reason: 'gone'};
    const statuses: number[] = [];
    for (let time = 0; time < 2; time++) {
      statuses.push((await send('POST', '/v2/patronages', {patronage})).status);
      statuses.push((await send('POST', '/v2/closes', {close})).status);
    }
    expect(statuses).toEqual([201, 201, 422, 422]);
  });

  test.each([
    ['2004-06-01', 204],
    ['2026-11-23', 422],
    ['1927-11-21', 422],
    ['1927-11-22', 204],
    ['2013-11-22', 204],
    ['2013-11-23', 422],
  ])('a candidate born on %s is answered %i', async (birth_date, status) => {
    const {send} = await openSandbox({now: () => Date.parse('2026-11-22T12:00:00Z')});
    const response = await send('PUT', '/v2/user_candidatures/23', {user_candidature: {birth_date}});
    expect(response.status).toBe(status);
  });

  test('services of a close: an array makes them, a bare hash is a 500 page', async () => {
    const {send, sandbox} = await openSandbox();
    const close = {user_id: 64, closer_id: 2, kind: 'other', reason: 'x'};
    const service = {duration: '14400', occupation: 'Sweeping'};
    const bare = await send('POST', '/v2/closes', {
      close: {...close, community_services_attributes: service},
    });
    expect(bare.status).toBe(500);
    expect(bare.headers.get('content-type')).toContain('text/html');
    expect(sandbox.store.closes.size).toBe(0);
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(close)) form.append(`close[${name}]`, String(value));
    const rows = 'close[community_services_attributes][]';
    form.append(`${rows}[duration]`, '14400');
    form.append(`${rows}[occupation]`, 'Sweeping');
    form.append(`${rows}[duration]`, '7200');
    const response = await send('POST', '/v2/closes', form);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      community_services: [
        {duration: 14_400, occupation: 'Sweeping'},
        {duration: 7200, occupation: null},
      ],
    });
  });
});

describe('changing and taking back', () => {
  test('a cursus can be deleted only before it begins', async () => {
    const {send, sandbox} = await openSandbox({now: () => Date.parse('2026-11-22T12:00:00Z')});
    const cursus_user = {user_id: 1, cursus_id: 21, begin_at: '2026-11-01'};
    await send('POST', '/v2/cursus_users', {cursus_user});
    expect((await send('DELETE', '/v2/cursus_users/127')).status).toBe(422);
    expect((await send('PUT', '/v2/cursus_users/127', {cursus_user: {begin_at: '2026-12-01'}})).status).toBe(
      204,
    );
    expect((await send('DELETE', '/v2/cursus_users/127')).status).toBe(204);
    expect(sandbox.store.cursusUsers.size).toBe(0);
    expect(sandbox.ledger.at(-1)?.applied).toMatchObject({
      resource: 'cursus_users',
      id: 127,
      action: 'delete',
    });
  });

  test('patronages and closes', async () => {
    const {send, sandbox} = await openSandbox();
    await send('POST', '/v2/users/gargamel/patronages', {patronage: {godfather_id: 4}});
    await send('POST', '/v2/users/64/closes', {close: {closer_id: 2, kind: 'other', reason: 'x'}});
    expect(sandbox.store.patronages.get(123)?.user_id).toBe(3);
    expect((await send('PUT', '/v2/closes/3/unclose')).status).toBe(204);
    expect(sandbox.store.closes.get(3)?.state).toBe('unclose');
    expect((await send('DELETE', '/v2/closes/3')).status).toBe(204);
    expect((await send('DELETE', '/v2/patronages/123')).status).toBe(204);
    expect((await send('DELETE', '/v2/patronages/123')).status).toBe(404);
    expect([sandbox.store.closes.size, sandbox.store.patronages.size]).toEqual([0, 0]);
  });
});
