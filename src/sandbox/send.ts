import type {ServerResponse} from 'node:http';
import type {Reply} from './reply.ts';

export type Headers = Record<string, string>;

/** Sends a reply; false if the client is gone. */
export function send(response: ServerResponse, reply: Reply, headers: Headers): boolean {
  if (isGone(response)) return false;
  response.writeHead(reply.status, wholeHeaders(reply, headers));
  response.end(reply.body);
  return true;
}

/** The right head with the full length, half of the body, and the connection is cut. */
export function sendTruncated(response: ServerResponse, reply: Reply, headers: Headers): boolean {
  const {socket} = response;
  if (isGone(response) || socket === null) return false;
  const body = Buffer.from(reply.body);
  if (body.length === 0) {
    // There is no body to cut: the head is cut instead.
    socket.write(`HTTP/1.1 ${reply.status} `, () => socket.destroy());
    return true;
  }
  response.writeHead(reply.status, wholeHeaders(reply, headers));
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket.destroy());
  return true;
}

/** Ends the connection without a response: `reset` by RST, `fin` cleanly. */
export function cut(response: ServerResponse, how: 'reset' | 'fin'): void {
  if (how === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.end();
}

function isGone(response: ServerResponse): boolean {
  return response.socket?.destroyed ?? true;
}

function wholeHeaders(reply: Reply, headers: Headers): Headers {
  // 204 has neither a body nor a length (RFC 9110, 8.6).
  if (reply.status === 204) return {...headers, ...reply.headers};
  return {...headers, ...reply.headers, 'Content-Length': String(Buffer.byteLength(reply.body))};
}
