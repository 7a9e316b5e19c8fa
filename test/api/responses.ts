import type {HttpResponse, NoResponse} from '../../src/http/http-result.ts';
import {parseResponse} from '../../src/http/parse-response.ts';

/** A JSON response. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return respond(status, JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A page, such as a proxy or a firewall gives. */
export function html(status: number, headers: Record<string, string> = {}): HttpResponse {
  return respond(status, '<!DOCTYPE html><html><body>Sorry</body></html>', {
    'content-type': 'text/html',
    ...headers,
  });
}

export function empty(status: number, headers: Record<string, string> = {}): HttpResponse {
  return respond(status, '', headers);
}

export function respond(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return parseResponse(status, new Headers(headers), body);
}

/** The body was cut off, or could not be read whole. */
export function cut(response: HttpResponse): HttpResponse {
  return {...response, isComplete: false, json: undefined};
}

export function noResponse(sent: boolean, code: string): NoResponse {
  return {kind: 'noResponse', sent, code};
}
