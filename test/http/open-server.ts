import {once} from 'node:events';
import {createServer as createHttpServer, type IncomingMessage, type RequestListener} from 'node:http';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer} from 'node:https';
import {onTestFinished} from 'vitest';
import {ApiClient, type ClientOptions} from '../../src/http/client.ts';
import {selfSigned} from './self-signed.ts';

export interface Raw {
  port: number;
  /** What each connection sent, as text. */
  received: string[];
}

async function listen(server: Server, close: () => void): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    close();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

/** A server below HTTP. `talk` is called once the head of a request has come (or at once, on `connect`). */
export async function openRaw(
  talk: (socket: Socket, text: string) => void,
  on: 'request' | 'connect' = 'request',
): Promise<Raw> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    const at = received.push('') - 1;
    socket.on('error', () => undefined);
    if (on === 'connect') talk(socket, '');
    socket.on('data', (chunk: Buffer) => {
      const before = received[at] ?? '';
      received[at] = before + chunk.toString('latin1');
      if (on === 'request' && !before.includes('\r\n\r\n') && received[at].includes('\r\n\r\n'))
        talk(socket, received[at]);
    });
  });
  const port = await listen(server, () => sockets.forEach((socket) => socket.destroy()));
  return {port, received};
}

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An HTTP server that keeps what it was asked. */
export async function openHttp(answer: RequestListener): Promise<{port: number; seen: Seen[]}> {
  const seen: Seen[] = [];
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const {method = '', url = '', headers} = request;
      seen.push({method, url, headers, body: Buffer.concat(chunks).toString()});
      answer(request, response);
    });
  });
  const port = await listen(server, () => server.closeAllConnections());
  return {port, seen};
}

/** An HTTPS server whose certificate nobody vouches for. */
export async function openSelfSigned(): Promise<{port: number; requests: () => number; bytes: () => number}> {
  let requests = 0;
  let bytes = 0;
  const server = createTlsServer(selfSigned(), (_request, response) => {
    requests++;
    response.end('{}');
  });
  server.on('secureConnection', (socket) => socket.on('data', (chunk: Buffer) => (bytes += chunk.length)));
  server.on('tlsClientError', () => undefined);
  const port = await listen(server, () => server.closeAllConnections());
  return {port, requests: () => requests, bytes: () => bytes};
}

export function openClient(origin: string, options: Partial<ClientOptions> = {}): ApiClient {
  const client = new ApiClient({
    baseUrl: new URL(origin),
    userAgent: 'bulk42/1.2.3',
    timeoutMs: 5000,
    connections: 4,
    abort: new AbortController().signal,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}
