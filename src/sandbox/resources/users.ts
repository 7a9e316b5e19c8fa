import {isoNow, userOfPath} from '../call.ts';
import type {Call, Route} from '../call.ts';
import {list} from '../list.ts';
import type {Columns} from '../list.ts';
import {assertValid, oneOf, permit, required, root, text} from '../permit.ts';
import {created, json} from '../reply.ts';
import type {Reply} from '../reply.ts';
import {freeLogin} from '../seed.ts';
import {campusAlias} from '../store.ts';
import type {Store, User} from '../store.ts';
import {cursusUserView} from './cursus-users.ts';
import {updateUser} from './update-user.ts';

const NEW_USER = {
  email: required(text),
  campus_id: required(text),
  first_name: required(text),
  last_name: required(text),
  kind: required(oneOf('admin', 'student', 'external')),
};

const COLUMNS: Columns<User> = {
  id: (user) => user.id,
  login: (user) => user.login,
  // Whether the filter means the account's own address or the alias that answers show is not documented: both match.
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

/** ReadBackQuery needs no role. */
export const users: Route[] = [
  {method: 'POST', path: 'users', roles, handle: create},
  {method: 'PUT', path: 'users/:', roles, handle: updateUser},
  {method: 'PATCH', path: 'users/:', roles, handle: updateUser},
  {method: 'GET', path: 'users', handle: index},
  {method: 'GET', path: 'users/:', handle: (call) => json(200, fullView(call.store, userOfPath(call)))},
];

/** As lists show a user: no candidature, no cursus, no status, and the campus alias for an address. */
function view(user: User): Record<string, unknown> {
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
    correction_point: 0,
    pool_month: user.pool_month,
    pool_year: user.pool_year,
    location: null,
    wallet: 0,
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
    ...view(user),
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

/** Creates an account with a generated login and a candidature of its own. */
function create(call: Call): Reply {
  const {store} = call;
  const {values, problems} = permit(NEW_USER, root(call.params, 'user'));
  const campus_id = Number(values.campus_id);
  if (problems.length === 0 && !Number.isSafeInteger(campus_id)) {
    problems.push({field: 'campus_id', message: 'is invalid'});
  }
  if (values.email !== undefined && store.users.by('email', values.email.toLowerCase()).length > 0) {
    problems.push({field: 'email', message: 'has already been taken'});
  }
  assertValid(problems, 'list');
  const born = {created_at: isoNow(call), updated_at: isoNow(call)};
  const user = store.users.insert((id) => ({
    id,
    ...values,
    login: freeLogin(store, values.first_name, values.last_name),
    usual_first_name: null,
    pool_month: null,
    pool_year: null,
    status: null,
    campus_id,
    password: null,
    email_stop: false,
    image: null,
    ...born,
  }));
  store.candidatures.insert((id) => ({id, user_id: user.id, ...born}));
  return created('users', user.id, fullView(store, user));
}

function index(call: Call): Reply {
  return list(call, {
    table: call.store.users,
    indexed: ['login', 'email'],
    foldCase: ['login', 'email'],
    columns: COLUMNS,
    show: view,
  });
}
