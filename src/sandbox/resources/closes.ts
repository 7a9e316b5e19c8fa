import {isoNow, parentUser, recordOfPath, userOfPath, userReference, withPathUser} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {
  assertValid,
  datetime,
  integer,
  nestedRows,
  nullable,
  oneOf,
  permit,
  required,
  root,
  shortText,
  text,
} from '../permit.ts';
import {created, json, noContent} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {Close, Store} from '../store.ts';
import {serviceView} from './community-services.ts';

const fields = {
  user_id: required(integer),
  // There is no owner behind a client-credentials token whom it could default to.
  closer_id: required(integer),
  kind: required(
    oneOf(
      'other',
      'deserter',
      'black_hole',
      'serious_misconduct',
      'social_security',
      'non_admitted',
      'agu',
      'pace_unknown',
    ),
  ),
  reason: required(text),
  end_at: nullable(datetime),
};

const serviceFields = {duration: required(oneOf(7200, 14_400, 28_800)), occupation: nullable(shortText)};

const access = {roles: ['Basic staff'], scope: 'tig'};

/** Reading needs the scope as well. */
export const closes: Route[] = [
  {method: 'POST', path: 'closes', ...access, handle: create},
  {method: 'POST', path: 'users/:/closes', ...access, handle: create},
  {method: 'GET', path: 'closes', ...access, handle: index},
  {method: 'GET', path: 'users/:/closes', ...access, handle: index},
  {method: 'GET', path: 'closes/:', ...access, handle: show},
  {method: 'PUT', path: 'closes/:/unclose', ...access, handle: (call) => setState(call, 'unclose')},
  {method: 'PATCH', path: 'closes/:/unclose', ...access, handle: (call) => setState(call, 'unclose')},
  {method: 'PUT', path: 'closes/:/close', ...access, handle: (call) => setState(call, 'close')},
  {method: 'PATCH', path: 'closes/:/close', ...access, handle: (call) => setState(call, 'close')},
  {method: 'DELETE', path: 'closes/:', ...access, handle: destroy},
];

function createdView(store: Store, row: Close): Record<string, unknown> {
  return {
    id: row.id,
    reason: row.reason,
    state: row.state,
    created_at: row.created_at,
    updated_at: row.updated_at,
    community_services: store.tables.community_services.by('close_id', row.id).map(serviceView),
    user: userReference(store, row.user_id),
    closer: userReference(store, row.closer_id),
  };
}

/** No view shows the kind: it can only be matched by the filter. */
function view(store: Store, row: Close): unknown {
  return {...createdView(store, row), end_at: row.end_at};
}

function create(call: RouteCall): Reply {
  const {store} = call;
  const raw = withPathUser(call, root(call.params, 'close'));
  const nested = nestedRows(raw, 'community_services_attributes').map((row) => permit(serviceFields, row));
  const {values, problems} = permit(fields, raw);
  const nestedProblems = nested.flatMap((row) => row.problems);
  assertValid(
    [
      ...problems,
      ...nestedProblems.map(({field, message}) => ({field: `community_services.${field}`, message})),
    ],
    'message',
  );
  const {user_id, closer_id, kind, reason, end_at} = values;
  parentUser(call, user_id);
  if (!store.users.has(closer_id)) assertValid([{field: 'closer', message: 'must exist'}], 'message');
  if (
    call.settings.closesUnique &&
    store.closes.by('user_id', user_id).some((row) => row.state === 'close')
  ) {
    assertValid([{field: 'user', message: 'is already closed'}], 'message');
  }
  const at = isoNow(call);
  const row = store.closes.insert((id) => ({
    id,
    user_id,
    closer_id,
    kind,
    reason,
    state: 'close',
    end_at: end_at ?? null,
    created_at: at,
    updated_at: at,
  }));
  for (const {values: service} of nested) {
    store.tables.community_services.insert((id) => ({
      id,
      close_id: row.id,
      duration: service.duration,
      occupation: service.occupation ?? null,
      schedule_at: null,
      state: 'schedule',
      created_at: at,
      updated_at: at,
    }));
  }
  return created('closes', row.id, createdView(store, row));
}

function columns(call: RouteCall): ListColumns<Close> {
  return {
    id: (row) => row.id,
    user_id: (row) => row.user_id,
    closer_id: (row) => row.closer_id,
    reason: (row) => row.reason,
    state: (row) => row.state,
    created_at: (row) => row.created_at,
    updated_at: (row) => row.updated_at,
    kind: (row) => row.kind,
    end_at: (row) => row.end_at,
    jid: () => null,
    campus_id: (row) => call.store.users.get(row.user_id)?.campus_id ?? null,
    end: (row) => row.end_at !== null && Date.parse(row.end_at) <= call.now,
  };
}

function index(call: RouteCall): Reply {
  return list(call, {
    table: call.store.closes,
    indexed: ['user_id'],
    columns: columns(call),
    show: (row) => view(call.store, row),
    ...(call.id === '' ? {} : {within: {name: 'user_id', key: userOfPath(call).id}}),
  });
}

function show(call: RouteCall): Reply {
  return json(200, view(call.store, recordOfPath(call, call.store.closes)));
}

function setState(call: RouteCall, state: Close['state']): Reply {
  const row = recordOfPath(call, call.store.closes);
  const at = isoNow(call);
  call.store.closes.set(row.id, {...row, state, end_at: state === 'unclose' ? at : null, updated_at: at});
  return noContent({resource: 'closes', id: row.id, action: 'update'});
}

function destroy(call: RouteCall): Reply {
  const {id} = recordOfPath(call, call.store.closes);
  call.store.closes.delete(id);
  return noContent({resource: 'closes', id, action: 'delete'});
}
