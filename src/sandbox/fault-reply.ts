import type {Fault} from './faults.ts';
import {html, invalidToken, json, roleMissing, tooManyRequests} from './reply.ts';
import type {Reply} from './reply.ts';

/** A connection that is cut or hangs has no reply. `origin` marks a proxy's page, which lacks the application's headers. */
export type FaultReply =
  {origin: 'application' | 'proxy'; reply: Reply} | 'reset' | 'fin' | 'hang' | 'truncated';

type Origin = 'application' | 'proxy';

/** Replies that are the same whatever was asked. */
const fixedReplies: Partial<Record<Fault['answer'], [Origin, () => Reply]>> = {
  '500': ['application', () => json(500, {status: 500, error: 'Internal Server Error'})],
  '500-html': ['application', () => html(500, "We're sorry, but something went wrong (500)")],
  '502': ['proxy', () => html(502, '502 Bad Gateway')],
  '504': ['proxy', () => html(504, '504 Gateway Time-out')],
  '408': ['proxy', () => ({status: 408, headers: {}, body: ''})],
  '409': ['application', () => json(409, {error: 'Conflict', message: 'The record was changed meanwhile'})],
  '422-html': ['application', () => html(422, 'The change you wanted was rejected (422)')],
  '403-html': ['proxy', () => html(403, 'Just a moment...')],
  '403-empty': ['proxy', () => ({status: 403, headers: {}, body: ''})],
  '403-role': ['application', roleMissing],
  '404-empty-object': ['application', () => json(404, {})],
  '404-html': ['application', () => html(404, "The page you were looking for doesn't exist (404)")],
  '401': ['application', invalidToken],
  'html-200': ['proxy', () => html(200, 'Welcome')],
  'empty-201': ['application', () => ({...json(201, ''), body: ''})],
};

/** The reply of a fault instead of the normal one. */
export function faultReply(fault: Fault, normal: Reply): FaultReply {
  const fixed = fixedReplies[fault.answer];
  if (fixed) return {origin: fixed[0], reply: fixed[1]()};
  const {retryAfter} = fault;
  switch (fault.answer) {
    case 'reset':
    case 'fin':
    case 'hang':
    case 'truncated':
      return fault.answer;
    case '503':
      return {
        origin: 'proxy',
        reply: withRetryAfter(html(503, '503 Service Temporarily Unavailable'), fault),
      };
    case '429':
      return {
        origin: 'application',
        reply: tooManyRequests(retryAfter === undefined ? '1' : (retryAfter ?? undefined)),
      };
    case 'bad-json':
      return {
        origin: 'application',
        reply: {...json(normal.status, ''), body: '{"id": 12, "created_at": '},
      };
    case 'redirect': {
      const {status = 302, location = '/'} = fault;
      const headers = {'Content-Type': 'text/html', Location: location};
      return {origin: 'proxy', reply: {...html(status, `${status} Moved`), headers}};
    }
    case 'status': {
      const {status = 500, contentType = 'text/plain', body = ''} = fault;
      const reply = {status, headers: {'Content-Type': contentType}, body};
      return {origin: 'application', reply: withRetryAfter(reply, fault)};
    }
    default:
      return {origin: 'application', reply: normal};
  }
}

function withRetryAfter(reply: Reply, {retryAfter}: Fault): Reply {
  return retryAfter == null ? reply : {...reply, headers: {...reply.headers, 'Retry-After': retryAfter}};
}
