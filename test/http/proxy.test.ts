import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {expect, it} from 'vitest';
import {classifyResponse} from '../../src/api/classify-response.ts';
import type {Call} from '../../src/http/client.ts';
import {openClient, openRaw, openSelfSigned} from './open-server.ts';

const write: Call = {
  method: 'POST',
  path: ['closes'],
  token: 'tok-9d2e',
  body: {json: {close: {user_id: 8}}},
};
const api = 'https://api.example.org:8443';

const refusing = (status: string) => (socket: Socket) =>
  void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 4\r\n\r\nnope`);

it.each([
  ['wants other credentials', refusing('407 Proxy Authentication Required'), 'proxy_407', 'not_connected'],
  ['forbids the host', refusing('403 Forbidden'), 'proxy_403', 'not_connected'],
  ['cannot reach the host', refusing('502 Bad Gateway'), 'proxy_502', 'unsent'],
  ['allows no more for now', refusing('429 Too Many Requests'), 'proxy_429', 'unsent'],
  ['hangs up', (socket: Socket) => void socket.end(), 'proxy_UND_ERR_SOCKET', 'unsent'],
  ['breaks off', (socket: Socket) => void socket.resetAndDestroy(), 'proxy_ECONNRESET', 'unsent'],
  ['says nothing', () => undefined, 'timeout', 'unsent'],
  [
    'opens a tunnel and cuts it',
    (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\n', () => socket.resetAndDestroy()),
    'ECONNRESET',
    'unsent',
  ],
])('a request whose proxy %s was not sent', async (_what, talk, code, kind) => {
  const {port, received} = await openRaw(talk);
  const proxy = new URL(`http://clerk:open%20sesame@127.0.0.1:${port}`);
  const client = openClient(api, {proxy, timeoutMs: 500});
  const result = await client.send(write);
  expect(result).toEqual({kind: 'noResponse', sent: false, code});
  expect(classifyResponse(result, write).kind).toBe(kind);
  // Tried once, and the proxy learned nothing but the host and its own password.
  expect(received).toHaveLength(1);
  expect(received[0]).toMatch(/^CONNECT api\.example\.org:8443 HTTP\/1\.1\r\n/);
  expect(received[0]).toContain(
    `authorization: Basic ${Buffer.from('clerk:open sesame').toString('base64')}`,
  );
  expect(received[0]).not.toContain('tok-9d2e');
});

it('a request whose proxy is not there was not sent', async () => {
  const client = openClient(api, {proxy: new URL('http://127.0.0.1:1')});
  expect(await client.send(write)).toEqual({kind: 'noResponse', sent: false, code: 'proxy_ECONNREFUSED'});
});

it('a server behind a proxy has to prove who it is', async () => {
  const server = await openSelfSigned();
  const {port} = await openRaw((socket) => {
    const onward = connect(server.port, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    void once(onward, 'connect').then(() => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
  });
  const result = await openClient(api, {proxy: new URL(`http://127.0.0.1:${port}`)}).send(write);
  expect(result).toMatchObject({kind: 'noResponse', sent: false});
  expect(classifyResponse(result, write)).toMatchObject({
    kind: 'not_connected',
    error: {code: 'certificate'},
  });
  expect([server.requests(), server.bytes()]).toEqual([0, 0]);
});
