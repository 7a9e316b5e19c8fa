import {isoNow, parentUser, recordOfPath, userOfPath, userReference, withPathUser} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {assertValid, boolean, integer, nullable, permit, required, root} from '../permit.ts';
import {created, json, noContent} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {Patronage, Store} from '../store.ts';

const fields = {user_id: required(integer), godfather_id: required(integer), ongoing: nullable(boolean)};

const columns: ListColumns<Patronage> = {
  id: (row) => row.id,
  user_id: (row) => row.user_id,
  godfather_id: (row) => row.godfather_id,
  ongoing: (row) => row.ongoing,
  created_at: (row) => row.created_at,
  updated_at: (row) => row.updated_at,
};

const roles = ['Advanced tutor'];

/** Everything about patronages, reading included, is for tutors. */
export const patronages: Route[] = [
  {method: 'POST', path: 'patronages', roles, handle: create},
  {method: 'POST', path: 'users/:/patronages', roles, handle: create},
  {method: 'GET', path: 'patronages', roles, handle: index},
  {method: 'GET', path: 'users/:/patronages', roles, handle: index},
  {method: 'GET', path: 'patronages/:', roles, handle: show},
  {method: 'PUT', path: 'patronages/:', roles, handle: update},
  {method: 'PATCH', path: 'patronages/:', roles, handle: update},
  {method: 'DELETE', path: 'patronages/:', roles, handle: destroy},
];

function view(store: Store, row: Patronage): unknown {
  return {...row, user: userReference(store, row.user_id), godfather: userReference(store, row.godfather_id)};
}

function create(call: RouteCall): Reply {
  const {store} = call;
  const {values, problems} = permit(fields, withPathUser(call, root(call.params, 'patronage')));
  assertValid(problems, 'by field');
  const {user_id, godfather_id, ongoing} = values;
  parentUser(call, user_id);
  if (!store.users.has(godfather_id)) assertValid([{field: 'godfather', message: 'must exist'}], 'by field');
  if (
    call.settings.patronagesUnique &&
    store.patronages.by('user_id', user_id).some((row) => row.godfather_id === godfather_id)
  ) {
    assertValid([{field: 'godfather_id', message: 'has already been taken'}], 'by field');
  }
  const at = isoNow(call);
  const row = store.patronages.insert((id) => ({
    id,
    user_id,
    godfather_id,
    ongoing: ongoing ?? true,
    created_at: at,
    updated_at: at,
  }));
  return created('patronages', row.id, view(store, row));
}

function index(call: RouteCall): Reply {
  return list(call, {
    table: call.store.patronages,
    indexed: ['user_id', 'godfather_id'],
    columns: columns,
    show: (row) => view(call.store, row),
    ...(call.id === '' ? {} : {within: {name: 'user_id', key: userOfPath(call).id}}),
  });
}

function show(call: RouteCall): Reply {
  return json(200, view(call.store, recordOfPath(call, call.store.patronages)));
}

function update(call: RouteCall): Reply {
  const row = recordOfPath(call, call.store.patronages);
  const {values, problems} = permit({ongoing: nullable(boolean)}, root(call.params, 'patronage'));
  assertValid(problems, 'by field');
  const ongoing = values.ongoing ?? row.ongoing;
  call.store.patronages.set(row.id, {...row, ongoing, updated_at: isoNow(call)});
  return noContent({resource: 'patronages', id: row.id, action: 'update'});
}

function destroy(call: RouteCall): Reply {
  const {id} = recordOfPath(call, call.store.patronages);
  call.store.patronages.delete(id);
  return noContent({resource: 'patronages', id, action: 'delete'});
}
