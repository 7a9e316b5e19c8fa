import type {Fault} from './faults.ts';
import {html, invalidToken, json, roleMissing, tooManyRequests} from './reply.ts';
import type {Reply} from './reply.ts';

/** A connection that is cut or hangs has no reply. `origin` marks a proxy's page, which lacks the application's headers. */
export type FaultReply =
  {origin: 'application' | 'proxy'; reply: Reply} | 'reset' | 'fin' | 'hang' | 'truncated';

/** The reply of a fault instead of the normal one. */
export function faultReply(fault: Fault, normal: Reply): FaultReply {
  const application = (reply: Reply): FaultReply => ({origin: 'application', reply});
  const proxy = (reply: Reply): FaultReply => ({origin: 'proxy', reply});
  switch (fault.answer) {
    case 'reset':
    case 'fin':
    case 'hang':
    case 'truncated':
      return fault.answer;
    case '500':
      return application(json(500, {status: 500, error: 'Internal Server Error'}));
    case '500-html':
      return application(html(500, "We're sorry, but something went wrong (500)"));
    case '502':
      return proxy(html(502, '502 Bad Gateway'));
    case '503': {
      const reply = html(503, '503 Service Temporarily Unavailable');
      if (fault.retryAfter != null) reply.headers['Retry-After'] = fault.retryAfter;
      return proxy(reply);
    }
    case '504':
      return proxy(html(504, '504 Gateway Time-out'));
    case '408':
      return proxy({status: 408, headers: {}, body: ''});
    case '409':
      return application(json(409, {error: 'Conflict', message: 'The record was changed meanwhile'}));
    case '422-html':
      return application(html(422, 'The change you wanted was rejected (422)'));
    case '403-html':
      return proxy(html(403, 'Just a moment...'));
    case '403-empty':
      return proxy({status: 403, headers: {}, body: ''});
    case '403-role':
      return application(roleMissing());
    case '404-empty-object':
      return application(json(404, {}));
    case '404-html':
      return application(html(404, "The page you were looking for doesn't exist (404)"));
    case '401':
      return application(invalidToken());
    case '429':
      return application(
        tooManyRequests(fault.retryAfter === undefined ? '1' : (fault.retryAfter ?? undefined)),
      );
    case 'html-200':
      return proxy(html(200, 'Welcome'));
    case 'empty-201':
      return application({
        status: 201,
        headers: {'Content-Type': 'application/json; charset=utf-8'},
        body: '',
      });
    case 'bad-json':
      return application({...json(normal.status, ''), body: '{"id": 12, "created_at": '});
    case 'redirect': {
      const {status = 302, location = '/'} = fault;
      return proxy({
        ...html(status, `${status} Moved`),
        headers: {'Content-Type': 'text/html', Location: location},
      });
    }
    case 'slow':
      return application(normal);
    case 'status': {
      const {status = 500, contentType = 'text/plain', body = '', retryAfter} = fault;
      const headers: Record<string, string> = {'Content-Type': contentType};
      if (retryAfter != null) headers['Retry-After'] = retryAfter;
      return application({status, headers, body});
    }
  }
}
