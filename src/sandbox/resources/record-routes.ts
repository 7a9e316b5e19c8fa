import {isoNow, userOfPath} from '../call.ts';
import type {RouteCall, Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import type {Settings} from '../options.ts';
import {assertValid, permit, root} from '../permit.ts';
import type {Field} from '../permit.ts';
import {Halt, created, json, noContent, notFound} from '../reply.ts';
import type {Reply} from '../reply.ts';
import {linkColumns} from '../store.ts';
import type {StoredEntry, LinkColumn, TableName} from '../store.ts';

interface Access {
  roles?: readonly string[];
  scope?: string;
}

/** A table of records that its document describes by parameters and lists: what its routes have in common is here. */
export interface RecordTable {
  name: TableName;
  /** The root key of a body, and of each response where `isWrapped`. */
  root: string;
  fields: Record<string, Field<unknown, 'required' | 'present' | 'nullable'>>;
  /** What a new record holds where the body gives no value. */
  defaults?: (call: RouteCall) => Partial<StoredEntry>;
  /** The server takes each combination of these once, and complains about the first one. */
  unique?: readonly string[];
  write: Access;
  read?: Access;
  /** POST, its path with `:` for the id of the parent in `createdUnder`; default: the name. False where there is none. */
  createAt?: string | false;
  createdUnder?: string;
  /** Lists below a parent: `groups` to the column that holds it. */
  parents?: Readonly<Record<string, string>>;
  /** PUT and PATCH: false where the document has none; what they ask for where it is something else. */
  update?: Access | false;
  remove?: Access | false;
  /** Where records are removed; default: the name and the id. And the column whose value stands there, if not `id`. */
  removeAt?: string;
  removedBy?: (settings: Settings) => string;
  /** It has no list of all, and no record is shown alone. */
  isBelowParents?: true;
  /** Its lists take no filters: false. */
  filters?: false;
  /** Order of a list without `sort`; such a list takes no sort if it has none. */
  order?: 'id' | '-id';
  show: (call: RouteCall, entry: StoredEntry) => Record<string, unknown>;
  isWrapped?: true;
}

export function recordRoutes(table: RecordTable): Route[] {
  const {name, write, read = {}, createAt = name, parents = {}, update = {}, remove = {}} = table;
  const one = `${name}/:`;
  const route = (
    method: string,
    path: string,
    access: Access,
    act: (call: RouteCall, on: RecordTable) => Reply,
  ) => ({
    method,
    path,
    ...access,
    handle: (call: RouteCall) => act(call, table),
  });
  const routes = Object.entries(parents).map(([parent, column]) =>
    route('GET', `${parent}/:/${name}`, read, (call, on) => index(call, on, column)),
  );
  if (!table.isBelowParents) routes.push(route('GET', name, read, index), route('GET', one, read, show));
  if (createAt !== false) routes.push(route('POST', createAt, write, create));
  if (update !== false)
    for (const method of ['PUT', 'PATCH']) routes.push(route(method, one, {...write, ...update}, change));
  if (remove !== false) routes.push(route('DELETE', table.removeAt ?? one, {...write, ...remove}, destroy));
  return routes;
}

function create(call: RouteCall, table: RecordTable): Reply {
  const {createdUnder} = table;
  const parent = createdUnder === undefined ? {} : {[createdUnder]: parentId(call, createdUnder)};
  const {values, problems} = permit(table.fields, {...root(call.params, table.root), ...parent});
  assertValid(problems, 'by field');
  assertReferences(call, values);
  const given = {...table.defaults?.(call), ...values} as Partial<StoredEntry>;
  assertUnique(call, table, given, undefined);
  const at = isoNow(call);
  const empty = Object.fromEntries(Object.keys(table.fields).map((field) => [field, null]));
  const entry = call.store.tables[table.name].insert((id) => ({
    ...empty,
    created_at: at,
    updated_at: at,
    ...given,
    id,
  }));
  return created(table.name, entry.id, shown(call, table, entry));
}

function change(call: RouteCall, table: RecordTable): Reply {
  const entry = entryOf(call, table);
  const optional = Object.entries(table.fields).map(([field, kind]) => [
    field,
    kind.need === 'required' ? {...kind, need: 'present'} : kind,
  ]);
  const {values, problems} = permit(
    Object.fromEntries(optional) as RecordTable['fields'],
    root(call.params, table.root),
  );
  assertValid(problems, 'by field');
  assertReferences(call, values);
  const changed = {
    ...entry,
    ...(values as Partial<StoredEntry>),
    id: entry.id,
    updated_at: isoNow(call),
  } as StoredEntry;
  assertUnique(call, table, changed, entry.id);
  call.store.tables[table.name].set(entry.id, changed);
  return noContent({resource: table.name, id: entry.id, action: 'update'});
}

function destroy(call: RouteCall, table: RecordTable): Reply {
  const {id} = entryOf(call, table);
  call.store.tables[table.name].delete(id);
  return noContent({resource: table.name, id, action: 'delete'});
}

function show(call: RouteCall, table: RecordTable): Reply {
  return json(200, shown(call, table, entryOf(call, table)));
}

/** The last id of the path names the entry; below a parent it has to be one of the parent's. */
function entryOf(call: RouteCall, {name, createdUnder, removedBy}: RecordTable): StoredEntry {
  const rows = call.store.tables[name];
  if (call.childId === '') return known(call, rows.get(Number(call.id)));
  const column = removedBy?.(call.settings) ?? 'id';
  const siblings = rows.by(createdUnder as LinkColumn, parentId(call, createdUnder ?? ''));
  return known(
    call,
    siblings.find((entry) => entry[column] === Number(call.childId)),
  );
}

function known(call: RouteCall, entry: StoredEntry | undefined): StoredEntry {
  if (entry === undefined) throw new Halt(notFound(call.method));
  return entry;
}

function index(call: RouteCall, table: RecordTable, parent?: string): Reply {
  const {name, fields, filters, order} = table;
  const takesFilters = filters !== false && call.settings.filters === 'honoured';
  const query = new URLSearchParams(
    [...call.query].filter(([key]) => takesFilters || !/^(filter|range)\[/.test(key)),
  );
  if (order === undefined) query.delete('sort');
  else if (!query.has('sort')) query.set('sort', order);
  const names = ['id', ...Object.keys(fields), 'created_at', 'updated_at'];
  const columns: ListColumns<StoredEntry> = Object.fromEntries(
    names.map((column) => [column, (entry: StoredEntry) => entry[column] ?? null]),
  );
  return list(
    {...call, query},
    {
      table: call.store.tables[name],
      indexed: linkColumns,
      columns,
      show: (entry) => shown(call, table, entry),
      ...(parent !== undefined && {
        within: {name: parent as LinkColumn, key: parentId(call, parent)},
      }),
    },
  );
}

function shown(call: RouteCall, {root: key, isWrapped, show}: RecordTable, entry: StoredEntry): unknown {
  return isWrapped ? {[key]: show(call, entry)} : show(call, entry);
}

/** The id in the path, of a record that exists. */
function parentId(call: RouteCall, column: string): number {
  if (column === 'user_id') return userOfPath(call).id;
  const id = /^\d+$/.test(call.id) ? Number(call.id) : 0;
  if (!exists(call, column, id)) throw new Halt(notFound(call.method));
  return id;
}

function assertReferences(call: RouteCall, values: Record<string, unknown>): void {
  for (const column of [...linkColumns, 'tiger_id']) {
    const id = values[column];
    if (typeof id !== 'number' || exists(call, column, id)) continue;
    assertValid([{field: column.replace(/_id$/, ''), message: 'must exist'}], 'by field');
  }
}

/** Groups, titles and their like have no table here: their ids begin at 1 and end somewhere. */
function exists({store}: RouteCall, column: string, id: number): boolean {
  if (column === 'user_id' || column === 'tiger_id') return store.users.has(id);
  if (column === 'close_id') return store.closes.has(id);
  if (column === 'coalitions_user_id') return store.tables.coalitions_users.has(id);
  return id >= 1 && id < 1_000_000;
}

function assertUnique(
  call: RouteCall,
  {name, unique}: RecordTable,
  given: Partial<StoredEntry>,
  own: number | undefined,
): void {
  const [first] = unique ?? [];
  if (!unique || first === undefined) return;
  // Nothing is like nothing: a transaction without a transactable may be repeated.
  if (unique.some((column) => given[column] == null)) return;
  const indexed = unique.find((column) => column === 'user_id') ?? first;
  const alike = call.store.tables[name]
    .by(indexed as LinkColumn, given[indexed] as number)
    .find((entry) => entry.id !== own && unique.every((column) => entry[column] === given[column]));
  if (alike) assertValid([{field: first, message: 'has already been taken'}], 'by field');
}
