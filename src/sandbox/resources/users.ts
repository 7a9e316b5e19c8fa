import {userOfPath} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {json} from '../reply.ts';
import type {Reply} from '../reply.ts';
import {campusAlias} from '../store.ts';
import type {Store, User} from '../store.ts';
import {createUser} from './create-user.ts';
import {cursusUserView} from './cursus-users.ts';
import {correctionPoints, wallets} from './points.ts';
import {updateUser} from './update-user.ts';

const columns: ListColumns<User> = {
  id: (user) => user.id,
  login: (user) => user.login,
  // Whether the filter means the account's own address or the alias that responses show is not documented: both match.
  email: (user) => [user.email, campusAlias(user)],
  created_at: (user) => user.created_at,
  updated_at: (user) => user.updated_at,
  pool_year: (user) => user.pool_year,
  pool_month: (user) => user.pool_month,
  kind: (user) => user.kind,
  status: (user) => user.status,
  primary_campus_id: (user) => user.campus_id,
  first_name: (user) => user.first_name,
  last_name: (user) => user.last_name,
  'alumni?': () => false,
  'staff?': (user) => user.kind === 'admin',
};

const roles = ['Advanced tutor'];

/** Reading needs no role. */
export const users: Route[] = [
  {method: 'POST', path: 'users', roles, handle: createUser},
  {method: 'PUT', path: 'users/:', roles, handle: updateUser},
  {method: 'PATCH', path: 'users/:', roles, handle: updateUser},
  {method: 'GET', path: 'users', handle: index},
  {method: 'GET', path: 'users/:', handle: (call) => json(200, fullView(call.store, userOfPath(call)))},
];

/** As lists show a user: no candidature, no cursus, no status, and the campus alias for an address. */
function view(store: Store, user: User): Record<string, unknown> {
  const image = user.image === null ? null : `https://cdn.intra.42.fr/users/${user.login}.jpg`;
  return {
    id: user.id,
    email: campusAlias(user),
    login: user.login,
    first_name: user.first_name,
    last_name: user.last_name,
    usual_full_name: `${user.usual_first_name ?? user.first_name} ${user.last_name}`,
    usual_first_name: user.usual_first_name,
    url: `https://api.intra.42.fr/v2/users/${user.login}`,
    phone: 'hidden',
    displayname: `${user.first_name} ${user.last_name}`,
    kind: user.kind,
    image: {link: image, versions: {large: image, medium: image, small: image, micro: image}},
    'staff?': user.kind === 'admin',
    correction_point: correctionPoints(store, user.id),
    pool_month: user.pool_month,
    pool_year: user.pool_year,
    location: null,
    wallet: wallets(store, user.id),
    anonymize_date: null,
    data_erasure_date: null,
    created_at: user.created_at,
    updated_at: user.updated_at,
    alumnized_at: null,
    'alumni?': false,
    'active?': true,
  };
}

function fullView(store: Store, user: User): Record<string, unknown> {
  const {created_at, updated_at} = user;
  return {
    ...view(store, user),
    groups: [],
    cursus_users: store.cursusUsers.by('user_id', user.id).map((row) => cursusUserView(store, row)),
    projects_users: [],
    languages_users: store.languagesUsers.by('user_id', user.id),
    achievements: [],
    titles: [],
    titles_users: [],
    partnerships: [],
    patroned: store.patronages.by('user_id', user.id),
    patroning: store.patronages.by('godfather_id', user.id),
    expertises_users: [],
    roles: [],
    campus: user.campus_id === null ? [] : [{id: user.campus_id, name: `Campus ${user.campus_id}`}],
    campus_users:
      user.campus_id === null
        ? []
        : [
            {
              id: user.id,
              user_id: user.id,
              campus_id: user.campus_id,
              is_primary: true,
              created_at,
              updated_at,
            },
          ],
  };
}

function index(call: RouteCall): Reply {
  return list(call, {
    table: call.store.users,
    indexed: ['login', 'email'],
    foldCase: ['login', 'email'],
    columns: columns,
    show: (user) => view(call.store, user),
  });
}
