import type {IncomingMessage, ServerResponse} from 'node:http';
import {Bulk42Error, UsageError} from '../errors.ts';

/** No script but the page's own file, and nothing from elsewhere. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, document: unknown): void {
  send(response, status, JSON.stringify(document ?? null), {'Content-Type': 'application/json'});
}

/** What went wrong, in the words of the command line. Of a foreign error only its name is shown. */
export function errorDocument(error: unknown): {
  code: string;
  exitCode: number;
  message: string;
  hint: string;
} {
  if (error instanceof Bulk42Error) {
    const {code, exitCode, message, hint = ''} = error;
    return {code, exitCode, message, hint};
  }
  const name = error instanceof Error ? error.name : 'unknown';
  return {code: 'bug', exitCode: 70, message: `a bug: ${name}`, hint: 'please report it, with run.log'};
}

/** The body of a request. @throws UsageError where it is larger than `maxBytes` */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new UsageError(`more than ${maxBytes / 2 ** 20} MiB`, {hint: 'use the command line for it'});
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
