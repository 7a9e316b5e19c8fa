import type {HttpResponse, HttpResult} from '../../src/http/http-result.ts';

/** A JSON answer. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  return answered(status, JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** A page, such as a proxy or a firewall gives. */
export function html(status: number, headers: Record<string, string> = {}): HttpResponse {
  return answered(status, '<!DOCTYPE html><html><body>Sorry</body></html>', {
    'content-type': 'text/html',
    ...headers,
  });
}

export function empty(status: number, headers: Record<string, string> = {}): HttpResponse {
  return answered(status, '', headers);
}

export function answered(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return {kind: 'answered', status, headers: new Headers(headers), body, whole: true};
}

/** The body was cut off, or could not be read whole. */
export function cut(answer: HttpResponse): HttpResponse {
  return {...answer, body: '', whole: false};
}

export function lost(sent: boolean, code: string): HttpResult {
  return {kind: 'lost', sent, code};
}
