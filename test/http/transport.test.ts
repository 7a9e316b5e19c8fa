import type {Socket} from 'node:net';
import {brotliCompressSync, deflateSync, gzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import type {Call} from '../../src/http/client.ts';
import {isCertificateError} from '../../src/http/certificate-error.ts';
import {openClient, openHttp, openRaw, openSelfSigned} from './open-server.ts';

const write: Call = {
  method: 'POST',
  path: ['patronages'],
  token: 'tok-3f7a',
  body: {json: {patronage: {user_id: 3, godfather_id: 4}}},
};
const read: Call = {method: 'GET', path: ['users']};

const reset = (socket: Socket) => void socket.resetAndDestroy();
const head = (status: string, headers: readonly string[]) =>
  [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n');

describe('a request that was not sent', () => {
  it('met a port where nothing listens', async () => {
    expect(await openClient('http://127.0.0.1:1').send(write)).toEqual({
      kind: 'noResponse',
      sent: false,
      code: 'ECONNREFUSED',
    });
  });

  it('looked for a host that does not exist', async () => {
    const result = await openClient('https://nowhere.invalid').send(write);
    expect(result).toMatchObject({kind: 'noResponse', sent: false});
    expect(result.kind === 'noResponse' && result.code).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  it('was cut off during the handshake', async () => {
    const {port} = await openRaw(reset, 'connect');
    expect(await openClient(`https://127.0.0.1:${port}`).send(write)).toMatchObject({
      kind: 'noResponse',
      sent: false,
    });
  });

  it('met a certificate that no authority has signed, and sent it nothing', async () => {
    const server = await openSelfSigned();
    const result = await openClient(`https://127.0.0.1:${server.port}`).send(write);
    expect(result).toMatchObject({kind: 'noResponse', sent: false});
    expect(result.kind === 'noResponse' && isCertificateError(result.code)).toBe(true);
    expect([server.requests(), server.bytes()]).toEqual([0, 0]);
  });

  it('was given up while it waited for a connection', async () => {
    const stop = new AbortController();
    const {port, received} = await openRaw(() => stop.abort());
    const client = openClient(`http://127.0.0.1:${port}`, {connections: 1, abort: stop.signal});
    const results = await Promise.all([client.send(write), client.send({...write, path: ['closes']})]);
    expect(results).toEqual([
      {kind: 'noResponse', sent: true, code: 'aborted'},
      {kind: 'noResponse', sent: false, code: 'aborted'},
    ]);
    expect(received.join('')).not.toContain('closes');
  });

  it('was given up before it began', async () => {
    const {port, received} = await openRaw(() => undefined);
    const stop = new AbortController();
    const client = openClient(`http://127.0.0.1:${port}`, {abort: stop.signal});
    stop.abort();
    expect(await client.send(write)).toEqual({kind: 'noResponse', sent: false, code: 'aborted'});
    expect(received).toEqual([]);
  });
});

describe('a request that may have been applied', () => {
  it.each([
    ['a reset', reset],
    ['a clean close', (socket: Socket) => void socket.end()],
    [
      'a reset in the middle of the head',
      (socket: Socket) => void socket.write('HTTP/1.1 201 Cre', () => socket.resetAndDestroy()),
    ],
    ['something that is no HTTP', (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    [
      'a head that has no end',
      (socket: Socket) => void socket.end(`HTTP/1.1 201 Created\r\nx-filler: ${'x'.repeat(100_000)}\r\n\r\n`),
    ],
  ])('met %s after it was sent', async (_what, talk) => {
    const {port, received} = await openRaw(talk);
    const result = await openClient(`http://127.0.0.1:${port}`).send(write);
    expect(result).toMatchObject({kind: 'noResponse', sent: true});
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('godfather_id');
  });

  it('met nothing but silence until its time was over', async () => {
    const {port, received} = await openRaw(() => undefined);
    const result = await openClient(`http://127.0.0.1:${port}`, {timeoutMs: 150}).send(write);
    expect(result).toEqual({kind: 'noResponse', sent: true, code: 'timeout'});
    expect(received).toHaveLength(1);
  });

  it('was given up while it waited for its response, and the connection with it', async () => {
    const stop = new AbortController();
    const ended = new Promise<void>((resolve) => {
      void openRaw((socket) => {
        socket.on('close', () => resolve());
        stop.abort();
      }).then(async ({port}) => {
        const result = await openClient(`http://127.0.0.1:${port}`, {abort: stop.signal}).send(write);
        expect(result).toEqual({kind: 'noResponse', sent: true, code: 'aborted'});
      });
    });
    await ended;
  });
});

describe('a response', () => {
  it('is known by its status though its body was cut off', async () => {
    const talk = (socket: Socket) =>
      void socket.end(
        `${head('201 Created', ['content-type: application/json', 'content-length: 500'])}{"id":47`,
      );
    const {port} = await openRaw(talk);
    const result = await openClient(`http://127.0.0.1:${port}`).send(write);
    expect(result).toMatchObject({kind: 'response', status: 201, json: undefined, isComplete: false});
  });

  it('is known by its status though its body never ends', async () => {
    const talk = (socket: Socket) => {
      socket.write(head('201 Created', ['content-type: application/json', 'transfer-encoding: chunked']));
      const timer = setInterval(() => socket.write('1\r\n \r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const {port} = await openRaw(talk);
    const result = await openClient(`http://127.0.0.1:${port}`, {timeoutMs: 200}).send(write);
    expect(result).toMatchObject({kind: 'response', status: 201, isComplete: false});
  });

  it('of five megabytes is cut, and its connection closed', async () => {
    let written = 0;
    const {port} = await openRaw((socket) => {
      socket.write(head('200 OK', ['content-type: application/json', 'content-length: 50000000']));
      const more = () => {
        while (!socket.destroyed && written < 50_000_000) {
          written += 100_000;
          if (!socket.write('x'.repeat(100_000))) return;
        }
      };
      socket.on('drain', more);
      more();
    });
    const result = await openClient(`http://127.0.0.1:${port}`).send(read);
    expect(result).toMatchObject({kind: 'response', status: 200, json: undefined, isComplete: false});
    expect(written).toBeLessThan(20_000_000);
  });

  it('of three megabytes is read whole', async () => {
    const text = JSON.stringify(['ß'.repeat(1_500_000)]);
    const {port} = await openHttp((_request, response) =>
      response.setHeader('content-type', 'application/json').end(text),
    );
    const result = await openClient(`http://127.0.0.1:${port}`).send(read);
    expect(result).toMatchObject({isComplete: true, json: JSON.parse(text)});
  });

  it('after a provisional one is the one that counts', async () => {
    const talk = (socket: Socket) =>
      void socket.end(`${head('103 Early Hints', ['link: </style.css>'])}${head('204 No Content', [])}`);
    const {port} = await openRaw(talk);
    expect(await openClient(`http://127.0.0.1:${port}`).send(write)).toMatchObject({
      status: 204,
      json: undefined,
      isComplete: true,
    });
  });

  it.each([301, 302, 303, 307, 308])('that redirects (%i) is not followed', async (status) => {
    const elsewhere = await openHttp((_request, response) => response.end('{}'));
    const {port, seen} = await openHttp((_request, response) => {
      response.writeHead(status, {location: `http://127.0.0.1:${elsewhere.port}/v2/patronages`}).end();
    });
    const client = openClient(`http://127.0.0.1:${port}`);
    const result = await client.send(write);
    expect(result).toMatchObject({kind: 'response', status});
    expect(result.kind === 'response' && result.location).toContain(String(elsewhere.port));
    expect([seen.length, elsewhere.seen.length]).toEqual([1, 0]);
  });

  it.each([429, 500, 503])('%i is given back, and nothing is sent again', async (status) => {
    const {port, seen} = await openHttp((_request, response) =>
      response.writeHead(status, {'retry-after': '0'}).end(),
    );
    const client = openClient(`http://127.0.0.1:${port}`);
    expect(await client.send({...write, method: 'PUT', path: ['users', 7]})).toMatchObject({status});
    expect(await client.send(read)).toMatchObject({status});
    expect(seen.map(({method}) => method)).toEqual(['PUT', 'GET']);
  });
});

describe('a compressed response, which was not asked for', () => {
  const text = JSON.stringify([{id: 4711, login: 'ß'.repeat(500)}]);
  const open = async (encoding: string, content: Uint8Array) => {
    const headers = {'content-type': 'application/json', 'content-encoding': encoding};
    const {port} = await openHttp((_request, response) => response.writeHead(200, headers).end(content));
    return openClient(`http://127.0.0.1:${port}`).send(read);
  };

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ])('is read: %s', async (encoding, content) => {
    expect(await open(encoding, content)).toMatchObject({isComplete: true, json: JSON.parse(text)});
  });

  it.each([
    ['of an unknown encoding', 'zstd', Buffer.from(text)],
    ['that is damaged', 'gzip', gzipSync(text).subarray(0, 40)],
    ['that is none', 'gzip', Buffer.from(text)],
    ['of five megabytes in five kilobytes', 'gzip', gzipSync(`"${'x'.repeat(5_000_000)}"`)],
    ['in two encodings', 'gzip, br', brotliCompressSync(gzipSync(text))],
  ])('is known by its status: one %s', async (_what, encoding, content) => {
    expect(await open(encoding, content)).toMatchObject({status: 200, isComplete: false, json: undefined});
  });
});

describe('a connection that the server closes while it is idle', () => {
  it('costs no request', async () => {
    let closed: () => void = () => undefined;
    const {port} = await openHttp((request, response) => {
      request.socket.once('close', () => closed());
      response.end('{}', () => request.socket.end());
    });
    const client = openClient(`http://127.0.0.1:${port}`);
    for (let n = 0; n < 10; n++) {
      const gone = new Promise<void>((resolve) => (closed = resolve));
      expect(await client.send(write)).toMatchObject({status: 200});
      await gone;
    }
  });
});

it.each([421, 425])(
  'a server that responds %d gets the next request on another connection',
  async (status) => {
    const ports: (number | undefined)[] = [];
    const {port} = await openHttp((request, response) => {
      ports.push(request.socket.remotePort);
      response
        .writeHead(ports.length === 2 ? status : 201, {'content-type': 'application/json'})
        .end('{"id": 7}');
    });
    const client = openClient(`http://127.0.0.1:${port}`, {connections: 1});
    const statuses = [];
    for (let request = 1; request <= 3; request++) {
      const result = await client.send(write);
      statuses.push(result.kind === 'response' ? result.status : result.code);
    }
    expect(statuses).toEqual([201, status, 201]);
    expect(ports[1]).toBe(ports[0]);
    expect(ports[2]).not.toBe(ports[1]);
  },
);
