import type {IncomingHttpHeaders} from 'node:http';
import type {Route, RouteCall} from './call.ts';
import {createLimits} from './limits.ts';
import type {Settings} from './options.ts';
import type {ParsedBody} from './parse-body.ts';
import {nestParams} from './parse-body.ts';
import {isHash} from './permit.ts';
import {Halt, badRequest, json, roleMissing, scopeMissing, tooManyRequests} from './reply.ts';
import type {Reply} from './reply.ts';
import {createRoutes} from './routes.ts';
import type {Headers} from './send.ts';
import {createReplica} from './store.ts';
import type {Store} from './store.ts';
import {createTokenEndpoint} from './token-endpoint.ts';
import type {IssuedToken} from './token-endpoint.ts';

export interface Incoming {
  method: string;
  /** '/v2/patronages' */
  path: string;
  /** Raw, '' without one. */
  search: string;
  headers: IncomingHttpHeaders;
  /** Wall clock of the arrival in ms. */
  at: number;
}

/** What is decided when a request arrives, before its body is read. */
export interface ArrivalCheck {
  authorized: boolean;
  /** The reply where the request is refused. */
  refusal: Reply | undefined;
  /** Headers of the application's replies. */
  headers: Headers;
  token: IssuedToken | undefined;
}

export interface Application {
  checkArrival: (incoming: Incoming) => ArrivalCheck;
  /** Does what is asked and gives the reply. */
  perform: (incoming: Incoming, token: IssuedToken | undefined, parsed: ParsedBody) => Reply;
  isTokenEndpoint: (path: string) => boolean;
  revokeTokens: () => void;
}

const tokenPath = /^(?:\/v2)?\/oauth\/token(\/info)?\/?$/;

/** The API without its connections: limits first, as they stand before the application, then the token, then roles and routes. */
export function createApplication(
  store: Store,
  settings: Settings,
  origin: () => string,
  later: (ms: number, run: () => void) => void,
): Application {
  const {now, roles, readLagMs} = settings;
  const shown = readLagMs > 0 ? createReplica(store, (change) => later(readLagMs, change)) : store;
  const limits = createLimits(settings);
  const tokens = createTokenEndpoint(settings);
  const matchRoute = createRoutes();

  function checkArrival({path, headers, at}: Incoming): ArrivalCheck {
    if (tokenPath.test(path)) return {authorized: false, refusal: undefined, headers: {}, token: undefined};
    const checked = tokens.authorize(headers, at);
    const token = 'status' in checked ? undefined : checked;
    const check = {authorized: token !== undefined, token};
    if (!path.startsWith('/v2/')) return {...check, refusal: json(404, {}), headers: {}};
    if (!headers['user-agent']) {
      return {...check, refusal: {status: 403, headers: {}, body: ''}, headers: {}};
    }
    const {retryAfter} = limits.admit(at);
    const replyHeaders = {...identityOf(roles), ...(settings.rateHeaders ? limits.headers(at) : {})};
    if (retryAfter !== undefined) {
      const refusal = tooManyRequests(settings.retryAfter ? String(retryAfter) : undefined);
      return {...check, refusal, headers: replyHeaders};
    }
    return {...check, refusal: 'status' in checked ? checked : undefined, headers: replyHeaders};
  }

  function perform(incoming: Incoming, token: IssuedToken | undefined, parsed: ParsedBody): Reply {
    const {method, path, headers} = incoming;
    if (parsed === 'unreadable') return badRequest('There was a problem in the body you submitted');
    const [isToken, info] = tokenPath.exec(path) ?? [];
    if (isToken !== undefined) {
      if (info === undefined && method === 'POST') return tokens.grant(headers, parsed.body, now());
      return info !== undefined && method === 'GET' ? tokens.info(headers, now()) : json(404, {});
    }
    const match = matchRoute(method, segmentsOf(path));
    if (match === undefined) return json(404, {});
    const {route, ...ids} = match;
    if (route.roles && !route.roles.some((role) => roles.includes(role))) return roleMissing();
    if (route.scope !== undefined && !token?.scopes.includes(route.scope)) return scopeMissing(route.scope);
    const facts = {...ids, url: `${origin()}${path}`, now: now(), settings};
    return answer(route, incoming, parsed.body, {...facts, store: method === 'GET' ? shown : store});
  }

  return {
    checkArrival,
    perform,
    isTokenEndpoint: (path) => tokenPath.test(path),
    revokeTokens: tokens.revokeAll,
  };
}

function identityOf(roles: readonly string[]): Headers {
  return {
    'X-Application-Id': '4242',
    'X-Application-Name': 'bulk42 sandbox',
    'X-Application-Roles': roles.length === 0 ? 'None' : roles.join(', '),
  };
}

/** What a route replies, with its parameters from body and query. */
function answer(
  route: Route,
  {method, search}: Incoming,
  body: unknown,
  call: Omit<RouteCall, 'method' | 'query' | 'params'>,
): Reply {
  const query = new URLSearchParams(search);
  const fromQuery = method === 'GET' || search === '' ? {} : nestParams(query);
  const params = {...fromQuery, ...(isHash(body) ? body : {})};
  try {
    return route.handle({...call, method, params, query});
  } catch (error) {
    if (error instanceof Halt) return error.reply;
    throw error;
  }
}

/** Decoded segments below /v2; a trailing slash makes no difference. */
function segmentsOf(path: string): string[] {
  const segments = path.slice('/v2/'.length).split('/');
  try {
    return segments.filter((segment) => segment !== '').map(decodeURIComponent);
  } catch {
    return [];
  }
}
