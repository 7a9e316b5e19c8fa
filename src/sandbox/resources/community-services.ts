import type {RouteCall, Route} from '../call.ts';
import {datetime, integer, nullable, required, shortText} from '../permit.ts';
import type {StoredEntry} from '../store.ts';
import {recordRoutes} from './record-routes.ts';

const scope = 'tig';

/** What a close shows of its services. */
export function serviceView({
  close_id: _close,
  tiger_id: _tiger,
  ...entry
}: StoredEntry): Record<string, unknown> {
  return entry;
}

/** Services show the close, and neither the user nor the tiger. */
function show({store}: RouteCall, entry: StoredEntry): Record<string, unknown> {
  const close = store.closes.get(Number(entry['close_id']));
  const {id, reason, state, created_at, updated_at} = close ?? {};
  return {...serviceView(entry), close: close ? {id, reason, state, created_at, updated_at} : null};
}

export const communityServices: Route[] = recordRoutes({
  name: 'community_services',
  root: 'community_service',
  fields: {
    duration: required(integer),
    occupation: nullable(shortText),
    schedule_at: nullable(datetime),
    close_id: nullable(integer),
    tiger_id: nullable(integer),
  },
  defaults: () => ({state: 'schedule'}),
  write: {roles: ['Basic staff'], scope},
  read: {scope},
  parents: {closes: 'close_id'},
  remove: {roles: ['Advanced staff']},
  order: '-id',
  show,
});
