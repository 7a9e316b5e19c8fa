import type {Tree} from '../../http/request.ts';
import type {Columns} from '../columns/column.ts';
import type {JobDefinition} from '../define-job.ts';
import {ids, pick} from '../pick.ts';

/** A table that joins two records, of which the server takes each pair once. What is left out is as the tables have it. */
type JoinTable<C extends Columns> = Omit<JobDefinition<C>, 'keys' | 'request' | 'update' | 'readBack'> & {
  request?: JobDefinition<C>['request'];
  /** The path of the resource, whose singular is the root key of a body: `groups_users`. */
  resource: string;
  /** The two ids. */
  pair: readonly [keyof C & string, keyof C & string];
  /** Its list is read below each record of the first id: `groups` for `/v2/groups/:group_id/groups_users`. */
  listUnder?: string;
  /** Its lists take no filters. */
  isUnfiltered?: true;
  /** Its lists take no sort: false. */
  isSortable?: false;
  /** Roles of which one is needed to read its lists. */
  listRoles?: readonly string[];
  /** The document has no PUT: false. */
  canUpdate?: false;
  /** The document has no DELETE: false. */
  canRemove?: false;
};

/** A job over a join table: POST makes a pair, PUT changes what else it holds, DELETE removes it, a list shows it. */
export function joinTable<const C extends Columns>(table: JoinTable<C>): JobDefinition<C> {
  const {resource, pair, listUnder, isUnfiltered, isSortable, listRoles, canUpdate, canRemove, ...given} =
    table;
  const root = resource.slice(0, -1);
  const others = Object.keys(table.columns).filter((name) => !pair.includes(name));
  const shownBy = listUnder === undefined ? pair : pair.slice(1);
  return {
    keys: [pair],
    request: (row) => ({method: 'POST', path: [resource], body: {[root]: row}}),
    readBack: [
      {
        list: listUnder === undefined ? [resource] : [listUnder, `:${pair[0]}`, resource],
        by: Object.fromEntries(shownBy.map((name) => [name, name])),
        ...(isUnfiltered && {isUnfiltered}),
        ...(!isUnfiltered && isSortable !== false && {sort: 'id'}),
        ...(listRoles && {roles: listRoles}),
        observe: (item) => ({...ids(item, pair), ...pick(item, others)}),
      },
    ],
    ...(canUpdate !== false &&
      others.length > 0 && {
        update: (id, row) => ({method: 'PUT', path: [resource, id], body: {[root]: without(row, pair)}}),
      }),
    ...(canRemove !== false && {remove: (id) => [{method: 'DELETE', path: [resource, id]}]}),
    ...given,
  };
}

function without(row: object, names: readonly string[]): Tree {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}
