import type {Route} from './call.ts';
import {json} from './reply.ts';
import {closes} from './resources/closes.ts';
import {communityServices} from './resources/community-services.ts';
import {cursusUsers} from './resources/cursus-users.ts';
import {cursus} from './resources/cursus.ts';
import {freezes} from './resources/freezes.ts';
import {joinTables} from './resources/join-tables.ts';
import {patronages} from './resources/patronages.ts';
import {points} from './resources/points.ts';
import {userCandidatures} from './resources/user-candidatures.ts';
import {users} from './resources/users.ts';

/** A client-credentials token has no owner. */
const me: Route = {
  method: 'GET',
  path: 'me',
  handle: () => json(401, {error: 'Not authorized', message: 'The access token has no resource owner'}),
};

export type MatchRoute = (
  method: string,
  segments: readonly string[],
) => {route: Route; id: string; childId: string} | undefined;

/** The table of routes below /v2. Variable segments are the second and, where no route names it, the fourth. */
export function createRoutes(): MatchRoute {
  const all = [
    ...patronages,
    ...cursusUsers,
    ...userCandidatures,
    ...users,
    ...closes,
    ...cursus,
    ...joinTables,
    ...points,
    ...freezes,
    ...communityServices,
    me,
  ];
  const table = new Map(all.map((route) => [`${route.method} ${route.path}`, route]));
  return (method, segments) => {
    const [resource, id = '', ...rest] = segments;
    const path = id === '' ? resource : [resource, ':', ...rest].join('/');
    const route = table.get(`${method} ${path}`);
    if (route) return {route, id, childId: ''};
    const [child, childId = '', ...more] = rest;
    const nested = table.get(`${method} ${[resource, ':', child, ':', ...more].join('/')}`);
    return nested && {route: nested, id, childId};
  };
}
