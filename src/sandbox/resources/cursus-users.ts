import {isoNow, parentUser, recordOfPath, userOfPath, userReference, withPathUser} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {
  assertValid,
  boolean,
  datetime,
  integer,
  nullable,
  permit,
  present,
  required,
  root,
  text,
} from '../permit.ts';
import {created, json, noContent} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {CursusUser, Store} from '../store.ts';

const fields = {
  cursus_id: required(integer),
  user_id: required(integer),
  begin_at: required(datetime),
  end_at: nullable(datetime),
  // The document calls it required, gives a default, and leaves it out of its own example, whose status is 201.
  has_coalition: present(boolean),
  // Its effect is undocumented; nothing about begin_at is refused here, so there is nothing to skip.
  skip_begin_validation: nullable(text),
};

const changeFields = {
  begin_at: present(datetime),
  end_at: nullable(datetime),
  has_coalition: present(boolean),
};

const roles = ['Advanced tutor'];

/** Reading needs no role; a second record of the same user and cursus is refused. */
export const cursusUsers: Route[] = [
  {method: 'POST', path: 'cursus_users', roles, handle: create},
  {method: 'POST', path: 'users/:/cursus_users', roles, handle: create},
  {method: 'GET', path: 'cursus_users', handle: index},
  {method: 'GET', path: 'users/:/cursus_users', handle: index},
  {method: 'GET', path: 'cursus_users/:', handle: show},
  {method: 'PUT', path: 'cursus_users/:', roles, handle: update},
  {method: 'PATCH', path: 'cursus_users/:', roles, handle: update},
  {method: 'DELETE', path: 'cursus_users/:', roles, handle: destroy},
];

/** As the API shows a record that was just created; lists and single reads show more. */
function createdView(store: Store, row: CursusUser): Record<string, unknown> {
  return {
    id: row.id,
    begin_at: row.begin_at,
    end_at: row.end_at,
    grade: null,
    level: 0,
    skills: [],
    cursus_id: row.cursus_id,
    has_coalition: row.has_coalition,
    user: userReference(store, row.user_id),
    cursus: store.cursus.get(row.cursus_id),
  };
}

export function cursusUserView(store: Store, row: CursusUser): Record<string, unknown> {
  const {created_at, updated_at} = row;
  return {...createdView(store, row), blackholed_at: null, created_at, updated_at};
}

function hasCursus(store: Store, userId: number, cursusId: number): boolean {
  return store.cursusUsers.by('user_id', userId).some((row) => row.cursus_id === cursusId);
}

function create(call: RouteCall): Reply {
  const {store} = call;
  const {values, problems} = permit(fields, withPathUser(call, root(call.params, 'cursus_user')));
  assertValid(problems, 'by field');
  const {user_id, cursus_id, begin_at, end_at, has_coalition} = values;
  parentUser(call, user_id);
  if (!store.cursus.has(cursus_id)) assertValid([{field: 'cursus', message: 'must exist'}], 'by field');
  if (hasCursus(store, user_id, cursus_id)) {
    assertValid([{field: 'cursus_id', message: 'has already been taken'}], 'by field');
  }
  const at = isoNow(call);
  const row = store.cursusUsers.insert((id) => ({
    id,
    user_id,
    cursus_id,
    begin_at,
    end_at: end_at ?? null,
    has_coalition: has_coalition ?? true,
    created_at: at,
    updated_at: at,
  }));
  return created('cursus_users', row.id, createdView(store, row));
}

function columns(call: RouteCall): ListColumns<CursusUser> {
  const past = (time: string | null) => time !== null && Date.parse(time) <= call.now;
  return {
    id: (row) => row.id,
    cursus_id: (row) => row.cursus_id,
    user_id: (row) => row.user_id,
    created_at: (row) => row.created_at,
    updated_at: (row) => row.updated_at,
    end_at: (row) => row.end_at,
    begin_at: (row) => row.begin_at,
    has_coalition: (row) => row.has_coalition,
    blackholed_at: () => null,
    level: () => 0,
    active: (row) => past(row.begin_at) && !past(row.end_at),
    campus_id: (row) => call.store.users.get(row.user_id)?.campus_id ?? null,
    end: (row) => past(row.end_at),
    future: (row) => !past(row.begin_at),
    blackholed: () => false,
  };
}

function index(call: RouteCall): Reply {
  return list(call, {
    table: call.store.cursusUsers,
    indexed: ['user_id'],
    columns: columns(call),
    show: (row) => cursusUserView(call.store, row),
    ...(call.id === '' ? {} : {within: {name: 'user_id', key: userOfPath(call).id}}),
  });
}

function show(call: RouteCall): Reply {
  return json(200, cursusUserView(call.store, recordOfPath(call, call.store.cursusUsers)));
}

function update(call: RouteCall): Reply {
  const row = recordOfPath(call, call.store.cursusUsers);
  const {values, problems} = permit(changeFields, root(call.params, 'cursus_user'));
  assertValid(problems, 'by field');
  call.store.cursusUsers.set(row.id, {...row, ...values, updated_at: isoNow(call)});
  return noContent({resource: 'cursus_users', id: row.id, action: 'update'});
}

/** Only a cursus that has not begun can be taken back. */
function destroy(call: RouteCall): Reply {
  const row = recordOfPath(call, call.store.cursusUsers);
  if (Date.parse(row.begin_at) <= call.now) {
    assertValid([{field: 'begin_at', message: 'must be in the future'}], 'by field');
  }
  call.store.cursusUsers.delete(row.id);
  return noContent({resource: 'cursus_users', id: row.id, action: 'delete'});
}
