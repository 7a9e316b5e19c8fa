import {expect, test} from 'vitest';
import type {Sandbox} from '../../src/sandbox/server.ts';
import {openSandbox} from './open-sandbox.ts';

const start = Date.parse('2026-11-22T12:00:00Z');

function ask(sandbox: Sandbox, fields: Record<string, string>, path = '/oauth/token'): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    client_id: sandbox.uid,
    client_secret: sandbox.secret,
    ...fields,
  };
  return fetch(`${sandbox.url}${path}`, {method: 'POST', body: new URLSearchParams(form)});
}

test('a token, its default scope, and the same one again with less time', async () => {
  let clock = start;
  const {sandbox} = await openSandbox({
    now: () => clock,
    tokenSeconds: 900,
    secretValidUntil: start / 1000 + 5000,
  });
  const first = (await (await ask(sandbox, {})).json()) as Record<string, unknown>;
  expect(first).toEqual({
    access_token: expect.stringMatching(/^[0-9a-f]{64}$/),
    token_type: 'bearer',
    expires_in: 900,
    scope: 'public',
    created_at: start / 1000,
    secret_valid_until: start / 1000 + 5000,
  });
  clock += 32_000;
  expect(await (await ask(sandbox, {}, '/v2/oauth/token')).json()).toEqual({...first, expires_in: 868});
  const info = await fetch(`${sandbox.url}/oauth/token/info`, {
    headers: {authorization: `Bearer ${String(first['access_token'])}`},
  });
  expect(await info.json()).toEqual({
    resource_owner_id: null,
    scopes: ['public'],
    expires_in_seconds: 868,
    application: {uid: sandbox.uid},
    created_at: start / 1000,
  });
  const wider = (await (await ask(sandbox, {scope: 'public tig'})).json()) as Record<string, unknown>;
  expect(wider).toMatchObject({scope: 'public tig', expires_in: 900});
  clock = start + 5_000_000;
  expect((await ask(sandbox, {})).status).toBe(401);
});

test('without reuse every request makes a token', async () => {
  const {token} = await openSandbox({reuseToken: false});
  expect(await token()).not.toBe(await token());
});

test('an expired and a revoked token are told apart', async () => {
  let clock = start;
  const {sandbox, send} = await openSandbox({now: () => clock, tokenSeconds: 60});
  expect((await send('GET', '/v2/users/1')).status).toBe(200);
  clock += 60_000;
  const expired = await send('GET', '/v2/users/1');
  expect(expired.status).toBe(401);
  expect(expired.headers.get('www-authenticate')).toBe(
    'Bearer realm="42 API", error="invalid_token", error_description="The access token expired"',
  );
  expect(sandbox.ledger.at(-1)).toMatchObject({authorized: false, status: 401});
  sandbox.revokeTokens();
  const revoked = await send('GET', '/v2/users/1');
  expect(revoked.headers.get('www-authenticate')).toContain('The access token is invalid');
});

test.each([
  [{client_secret: 'wrong'}, 'invalid_client'],
  [{client_id: 'wrong'}, 'invalid_client'],
  [{scope: 'public forum'}, 'invalid_scope'],
  [{grant_type: 'password'}, 'unsupported_grant_type'],
])('%j is refused as %s', async (fields, error) => {
  const {sandbox} = await openSandbox();
  const response = await ask(sandbox, fields);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({error, error_description: expect.any(String)});
  expect(sandbox.ledger.at(-1)).toMatchObject({path: '/oauth/token', status: 401, authorized: false});
});

test('JSON and HTTP Basic credentials work too', async () => {
  const {sandbox} = await openSandbox();
  const basic = Buffer.from(`${sandbox.uid}:${sandbox.secret}`).toString('base64');
  const response = await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    headers: {authorization: `Basic ${basic}`, 'content-type': 'application/json'},
    body: JSON.stringify({grant_type: 'client_credentials', scope: 'tig'}),
  });
  expect(await response.json()).toMatchObject({scope: 'tig'});
});
