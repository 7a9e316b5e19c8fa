import type {Settings} from './options.ts';
import type {Params} from './permit.ts';
import {Halt, notFound} from './reply.ts';
import type {Reply} from './reply.ts';
import type {Store, User} from './store.ts';

/** One request as a resource's handler sees it. */
export interface RouteCall {
  method: string;
  /** The path's variable segment, '' on a route without one. */
  id: string;
  /** A second one, behind a nested resource. */
  childId: string;
  /** Body and query merged, the body wins. */
  params: Params;
  query: URLSearchParams;
  /** Path and origin, for the Link header. */
  url: string;
  store: Store;
  /** Wall clock in ms. */
  now: number;
  settings: Settings;
}

export interface Route {
  method: string;
  /** Segments below /v2; `:` stands for the variable one. */
  path: string;
  /** Any one of these roles is enough; none are needed without it. */
  roles?: readonly string[];
  scope?: string;
  handle: (call: RouteCall) => Reply;
}

export function isoNow(call: RouteCall): string {
  return new Date(call.now).toISOString();
}

/** The user of a path, by id or login. */
export function userOfPath(call: RouteCall): User {
  const user = /^\d+$/.test(call.id)
    ? call.store.users.get(Number(call.id))
    : call.store.users.by('login', call.id.toLowerCase())[0];
  if (user === undefined) throw new Halt(notFound(call.method));
  return user;
}

/** The user that a created record belongs to: of the path on a nested route, else of the body. */
export function parentUser(call: RouteCall, bodyId: number | undefined): User {
  if (call.id !== '') return userOfPath(call);
  const user = bodyId === undefined ? undefined : call.store.users.get(bodyId);
  if (user === undefined) throw new Halt(notFound(call.method));
  return user;
}

export function recordOfPath<T>(call: RouteCall, table: ReadonlyMap<number, T>): T {
  const record = /^\d+$/.test(call.id) ? table.get(Number(call.id)) : undefined;
  if (record === undefined) throw new Halt(notFound(call.method));
  return record;
}

/** On a nested route the path names the user; the body need not repeat it. */
export function withPathUser(call: RouteCall, raw: Params): Params {
  return call.id === '' ? raw : {...raw, user_id: userOfPath(call).id};
}

export interface UserReference {
  id: number;
  login: string;
  url: string;
}

export function userReference(store: Store, id: number): UserReference {
  const login = store.users.get(id)?.login ?? '';
  return {id, login, url: `https://api.intra.42.fr/v2/users/${login}`};
}
