import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {buildPath} from '../../src/http/build-path.ts';
import {BugError} from '../../src/errors.ts';
import {openClient, openHttp} from './open-server.ts';

const anything = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.string({unit: 'grapheme'}),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    'a/b',
    'a\\b',
    'a?x=1',
    'a#b',
    '\0',
    '',
    ' ',
    '/',
    '//host',
    'a\n',
    '%00',
    'é',
    '...',
    '-',
    '_',
  ),
  fc.stringMatching(/^[A-Za-z0-9._%/-]{1,8}$/),
);

/** As UTF-8 can carry it: without halves of surrogate pairs. */
const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));

describe('a path', () => {
  it('is its segments below /v2', () => {
    expect(buildPath(['users', 4711, 'user_candidature'])).toBe('v2/users/4711/user_candidature');
    expect(buildPath(['users', 'a-Login_7'])).toBe('v2/users/a-Login_7');
  });

  it.each([
    '..',
    '.',
    '',
    '%2e%2e',
    '..%2f',
    'a/b',
    'a\\b',
    'a?x=1',
    'a#b',
    'a b',
    'a;b',
    'a@b',
    'a:b',
    '\0',
    'é',
    'a\n',
    'a'.repeat(101),
  ])('has no segment %j', (segment) => {
    expect(() => buildPath(['users', segment, 'closes'])).toThrow(BugError);
  });

  it('never has another number of segments, another host or a query, whatever a row holds', () => {
    let allowed = 0;
    fc.assert(
      fc.property(anything, (segment) => {
        let path: string;
        try {
          path = buildPath(['users', segment, 'closes']);
        } catch (error) {
          return error instanceof BugError;
        }
        allowed++;
        const url = new URL(path, 'https://api.example.test/');
        return (
          url.host === 'api.example.test' &&
          url.pathname === `/v2/users/${segment}/closes` &&
          url.href.endsWith(url.pathname)
        );
      }),
      {numRuns: 5000},
    );
    expect(allowed).toBeGreaterThan(50);
  });
});

describe('a request', () => {
  it('carries what it was given and nothing that the platform adds on its own', async () => {
    const {port, seen} = await openHttp((_request, response) => response.writeHead(204).end());
    const client = openClient(`http://127.0.0.1:${port}/base/`);
    await client.send({
      method: 'PUT',
      path: ['users', 12, 'user_candidature'],
      token: 'tok-3f7a',
      requestId: '5b1c0d9e',
      body: {json: {user_candidature: {gender: 'female', birth_city: 'Saint-Étienne', pin: null, list: []}}},
    });
    const [request] = seen;
    expect(request).toMatchObject({method: 'PUT', url: '/base/v2/users/12/user_candidature'});
    expect(JSON.parse(request?.body ?? '')).toEqual({
      user_candidature: {gender: 'female', birth_city: 'Saint-Étienne', pin: null, list: []},
    });
    expect(request?.headers).toEqual({
      host: `127.0.0.1:${port}`,
      connection: 'keep-alive',
      accept: 'application/json',
      authorization: 'Bearer tok-3f7a',
      'content-length': String(Buffer.byteLength(request?.body ?? '')),
      'content-type': 'application/json',
      'user-agent': 'bulk42/1.2.3',
      'x-request-id': '5b1c0d9e',
    });
  });

  it('for a token is a form', async () => {
    const {port, seen} = await openHttp((_request, response) => response.end('{}'));
    const params = new URLSearchParams({client_id: 'u-1', client_secret: 's&=ü', scope: 'public tig'});
    await openClient(`http://127.0.0.1:${port}`).send({method: 'POST', path: 'oauth/token', body: {params}});
    expect(seen[0]).toMatchObject({
      url: '/oauth/token',
      body: 'client_id=u-1&client_secret=s%26%3D%C3%BC&scope=public+tig',
    });
    expect(seen[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it('with a file is multipart', async () => {
    const {port, seen} = await openHttp((_request, response) => response.writeHead(204).end());
    const form = new FormData();
    form.append('user[status]', 'née "Ö"');
    form.append('user[image]', new Blob([new Uint8Array([0x89, 0x50])], {type: 'image/png'}), 'upload.png');
    await openClient(`http://127.0.0.1:${port}`).send({method: 'PUT', path: ['users', 7], body: {form}});
    expect(seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[0]?.body).toMatch(/name="user\[image\]"; filename="upload\.png"\r\nContent-Type: image\/png/);
    expect(seen[0]?.body).toContain('née "Ö"');
  });

  it('asks for exactly what a filter holds, whatever that is', async () => {
    const {port, seen} = await openHttp((_request, response) => response.end('[]'));
    const client = openClient(`http://127.0.0.1:${port}`);
    await fc.assert(
      fc.asyncProperty(
        fc.string({unit: 'grapheme', minLength: 1}),
        fc.string({unit: 'binary'}),
        async (name, value) => {
          await client.send({
            method: 'GET',
            path: ['users'],
            query: [
              [`filter[${name}]`, value],
              ['page[size]', '100'],
            ],
          });
          const url = new URL(seen.at(-1)?.url ?? '', 'http://host.test');
          expect([...url.searchParams]).toEqual([
            [`filter[${wellFormed(name)}]`, wellFormed(value)],
            ['page[size]', '100'],
          ]);
          expect(url.pathname).toBe('/v2/users');
        },
      ),
      {numRuns: 200},
    );
  });

  it('never leaves with a header that a token could have broken', async () => {
    const {port, seen} = await openHttp((_request, response) => response.end('{}'));
    const client = openClient(`http://127.0.0.1:${port}`);
    const result = await client.send({method: 'GET', path: ['users'], token: 'a\r\nx-evil: 1'});
    expect(result).toMatchObject({kind: 'noResponse', sent: false});
    expect(seen).toEqual([]);
  });
});
