/** What a request did to the store. `at` is the wall clock in ms at the moment of the effect. */
export interface Effect {
  resource: string;
  id: number;
  action: 'create' | 'update' | 'delete';
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  effect?: Effect;
}

/** Ends the handling of a request from any depth, like the exceptions that Rails maps to responses. */
export class Halt extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`status ${reply.status}`);
    this.reply = reply;
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: {'Content-Type': 'application/json; charset=utf-8', ...headers},
    body: JSON.stringify(body),
  };
}

export function created(resource: string, id: number, body: unknown): Reply {
  return {...json(201, body), effect: {resource, id, action: 'create'}};
}

export function noContent(effect: Effect): Reply {
  return {status: 204, headers: {}, body: '', effect};
}

/** An error page of the web server or of a proxy before it, not of the application. */
export function html(status: number, title: string): Reply {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body><h1>${title}</h1></body></html>\n`;
  return {status, headers: {'Content-Type': 'text/html; charset=utf-8'}, body};
}

/** A record that is missing; reads get an empty object, writes a page. */
export function notFound(method: string): Reply {
  return method === 'GET' ? json(404, {}) : html(404, "The page you were looking for doesn't exist (404)");
}

export function invalidToken(description = 'The access token is invalid'): Reply {
  return json(
    401,
    {error: 'invalid_token', error_description: description},
    {
      'WWW-Authenticate': `Bearer realm="42 API", error="invalid_token", error_description="${description}"`,
    },
  );
}

export function roleMissing(): Reply {
  return json(403, {error: 'Access Denied', message: 'You are not authorized to access this page.'});
}

export function scopeMissing(scope: string): Reply {
  const need = `The action need the following scopes: [${scope}]`;
  return json(
    403,
    {error: 'Forbidden', message: `Insufficient scope. ${need}`},
    {
      'WWW-Authenticate': `Bearer realm="42 API", error="insufficient scope", error_description="${need}"`,
    },
  );
}

export function tooManyRequests(retryAfter: string | undefined): Reply {
  const headers: Record<string, string> = {'Content-Type': 'text/plain'};
  if (retryAfter !== undefined) headers['Retry-After'] = retryAfter;
  return {status: 429, headers, body: '429 Too Many Requests (Spam Rate Limit Exceeded)'};
}

export function badRequest(message: string): Reply {
  return json(400, {status: 400, error: 'Bad Request', message});
}
