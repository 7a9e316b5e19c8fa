import {isoNow, userOfPath} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {assertValid, boolean, date, integer, nullable, permit, present, required, text} from '../permit.ts';
import type {Reply} from '../reply.ts';
import {recordRoutes} from './record-routes.ts';

const staff = {roles: ['Advanced staff']};

/** Freezes (AGU): every response is wrapped, each item of a list too, and nothing removes one. */
const units = recordRoutes({
  name: 'anti_grav_units_users',
  root: 'anti_grav_units_user',
  fields: {
    user_id: required(integer),
    anti_grav_unit_id: nullable(integer),
    begin_date: present(date),
    expected_end_date: required(date),
    reason: nullable(text),
    is_free: present(boolean),
  },
  defaults: (call) => ({begin_date: isoNow(call).slice(0, 10), is_free: false, close_id: null}),
  write: staff,
  read: staff,
  parents: {users: 'user_id', campus: 'campus_id'},
  remove: false,
  order: '-id',
  isWrapped: true,
  show: (_call, entry) => ({...entry}),
});

/** Days of the black hole are given back, and no endpoint shows that they were. */
function freePastAgu(call: RouteCall): Reply {
  const user_id = userOfPath(call).id;
  const {values, problems} = permit({duration: required(integer), reason: nullable(text)}, call.params);
  assertValid(problems, 'by field');
  const at = isoNow(call);
  const {duration, reason = null} = values;
  const {id} = call.store.tables.free_past_agus.insert((next) => ({
    id: next,
    user_id,
    duration,
    reason,
    created_at: at,
    updated_at: at,
  }));
  return {status: 200, headers: {}, body: '', effect: {resource: 'free_past_agus', id, action: 'create'}};
}

export const freezes: Route[] = [
  ...units,
  {method: 'POST', path: 'users/:/free_past_agu', ...staff, handle: freePastAgu},
];
