import {isoNow, userOfPath, userReference} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {assertValid, integer, nullable, permit, required, text} from '../permit.ts';
import {json} from '../reply.ts';
import type {Reply} from '../reply.ts';
import type {Store} from '../store.ts';
import {recordRoutes} from './record-routes.ts';

const tutor = {roles: ['Advanced tutor']};
const bank = {roles: ['Transactions manager']};

/** Wallets. No response shows when a transaction was made. */
const transactions = recordRoutes({
  name: 'transactions',
  root: 'transaction',
  fields: {
    value: required(integer),
    user_id: required(integer),
    transactable_id: nullable(integer),
    transactable_type: required(text),
    reason: required(text),
  },
  unique: ['user_id', 'transactable_type', 'transactable_id'],
  write: bank,
  read: bank,
  parents: {users: 'user_id'},
  update: false,
  order: '-id',
  show: ({store}, {created_at: _created, updated_at: _updated, ...entry}) => ({
    ...entry,
    user: userReference(store, Number(entry['user_id'])),
  }),
});

/** Coalition points. Their lists take no filters, and name the membership in place of the user. */
const scores = recordRoutes({
  name: 'scores',
  root: 'score',
  fields: {
    coalition_id: required(integer),
    coalitions_user_id: required(integer),
    value: required(integer),
    reason: required(text),
    scoreable_id: nullable(integer),
    scoreable_type: nullable(text),
    calculation_id: nullable(integer),
  },
  write: {roles: ['Advanced staff']},
  read: tutor,
  createAt: 'coalitions/:/scores',
  createdUnder: 'coalition_id',
  parents: {coalitions: 'coalition_id', coalitions_users: 'coalitions_user_id'},
  update: false,
  removeAt: 'coalitions/:/scores/:',
  filters: false,
  order: '-id',
  show: (_call, entry) => ({...entry}),
});

/** The history of correction points can only be read; what adds to it is the two routes of a user. */
const historics = recordRoutes({
  name: 'correction_point_historics',
  root: 'correction_point_historic',
  fields: {
    user_id: required(integer),
    scale_team_id: nullable(integer),
    reason: required(text),
    sum: required(integer),
    total: required(integer),
  },
  write: tutor,
  parents: {users: 'user_id'},
  isBelowParents: true,
  createAt: false,
  update: false,
  remove: false,
  order: 'id',
  show: (_call, {user_id, ...entry}) => ({...entry, user_data_id: user_id ?? null}),
});

/** A user's correction points, which every account begins with 5 of. */
export function correctionPoints(store: Store, userId: number): number {
  return Number(store.tables.correction_point_historics.by('user_id', userId).at(-1)?.['total'] ?? 5);
}

export function wallets(store: Store, userId: number): number {
  return store.tables.transactions
    .by('user_id', userId)
    .reduce((sum, {['value']: value}) => sum + Number(value), 0);
}

/** Neither the status nor the body of these responses is documented. */
function move(call: RouteCall, sign: 1 | -1): Reply {
  const user = userOfPath(call);
  const {values, problems} = permit({reason: required(text), amount: nullable(integer)}, call.params);
  assertValid(problems, 'by field');
  const sum = sign * (values.amount ?? 1);
  const total = correctionPoints(call.store, user.id) + sum;
  const at = isoNow(call);
  const {reason} = values;
  const entry = {user_id: user.id, scale_team_id: null, reason, sum, total, created_at: at, updated_at: at};
  const {id} = call.store.tables.correction_point_historics.insert((next) => ({...entry, id: next}));
  return {...json(200, {}), effect: {resource: 'correction_point_historics', id, action: 'create'}};
}

export const points: Route[] = [
  ...transactions,
  ...scores,
  ...historics,
  {method: 'POST', path: 'users/:/correction_points/add', ...tutor, handle: (call) => move(call, 1)},
  {method: 'DELETE', path: 'users/:/correction_points/remove', ...tutor, handle: (call) => move(call, -1)},
];
