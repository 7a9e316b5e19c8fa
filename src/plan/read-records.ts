import type {Purpose} from '../limits/limit-call.ts';
import {pageSize, type Path, type Query, type Reader} from '../api/reader.ts';
import {Bulk42Error, RefusedError} from '../errors.ts';
import {textOf} from '../input/check-input.ts';
import {foldText} from '../job/columns/characters.ts';
import type {ReadBackQuery} from '../job/define-job.ts';
import type {Values} from '../job/row.ts';

/** A record that belongs to a row, and what it proves in the job's own column names. */
export interface ObservedRecord {
  values: Values;
  id: number | undefined;
}

/**
 * What one query shows of a row: its records, or `unreadable` where the application may not look, or the items do
 * not say whose they are; `no_parent` where the API does not know the parent. Undefined where the query does not concern
 * the row.
 */
export type ReadBackResult = readonly ObservedRecord[] | 'unreadable' | 'no_parent' | undefined;

/**
 * Reads what exists for many rows at once: the values of the query's first filter go out 100 a request, the
 * distinct values of the other filters with them. Rows of different parents or `where` need requests of their own, and
 * rows that share both share the list. Where the list is refused to this application, records are read one by one if
 * the query knows how.
 */
export async function readRecords(
  reader: Reader,
  query: ReadBackQuery,
  rows: readonly Values[],
  purpose: Purpose = 'read',
  known: KnownItems = new Map(),
): Promise<ReadBackResult[]> {
  const results: ReadBackResult[] = rows.map(() => undefined);
  for (const {request, indices} of groupByRequest(query, rows)) {
    for (const at of readsUsersById(query) ? indices : []) {
      const item = known.get(rows[at]?.[firstColumn(query) ?? '']);
      if (item !== undefined) results[at] = [toObserved(query, item, request)];
    }
    const unknown = indices.filter((at) => results[at] === undefined);
    for (const batch of batches(query, rows, unknown)) {
      const batchRows = batch.map((at) => rows[at] as Values);
      const observed = await readBatch(reader, query, batchRows, request, purpose);
      batch.forEach((at, n) => (results[at] = observed[n]));
    }
  }
  return query.provesOnlyPresence
    ? results.map((result) => (result?.length === 0 ? undefined : result))
    : results;
}

/** What rows have in common that are read by the same requests. */
interface SharedRequest {
  path: Path;
  /** The parent's columns, which the path names. */
  parent: Values;
  where: Record<string, string>;
}

/** Users by id that a look-up of their logins has shown already: reading them again would cost a request for nothing. */
export type KnownItems = ReadonlyMap<unknown, unknown>;

/** Whether this query lists users by their id, and so shows what a look-up of their logins shows. */
export function readsUsersById(query: ReadBackQuery): boolean {
  return query.list.join('/') === 'users' && Object.keys(query.by).join() === 'id' && !query.where;
}

/** Row numbers by what is asked for; rows that the query does not concern are left out. */
function groupByRequest(
  query: ReadBackQuery,
  rows: readonly Values[],
): {request: SharedRequest; indices: number[]}[] {
  const groups = new Map<string, {request: SharedRequest; indices: number[]}>();
  rows.forEach((row, at) => {
    if (query.when && !query.when(row)) return;
    const request = sharedRequest(query, row);
    if (!request) return;
    const name = JSON.stringify([request.path, request.where]);
    const group = groups.get(name) ?? {request, indices: []};
    group.indices.push(at);
    groups.set(name, group);
  });
  return [...groups.values()];
}

/** Undefined where the row does not name the parent. */
function sharedRequest(query: ReadBackQuery, row: Values): SharedRequest | undefined {
  const columns = query.list.filter((segment) => segment.startsWith(':')).map((name) => name.slice(1));
  const parent: Values = {};
  for (const column of columns) {
    const value = row[column];
    if (value === undefined || value === null) return undefined;
    parent[column] = value;
  }
  const path = query.list.map((segment) =>
    segment.startsWith(':') ? textOf(parent[segment.slice(1)]) : segment,
  );
  return {path, parent, where: query.where?.(row) ?? {}};
}

/**
 * Row numbers in batches with at most a page of distinct values of the first filter; all at once where the list takes
 * no filter.
 */
function batches(query: ReadBackQuery, rows: readonly Values[], indices: readonly number[]): number[][] {
  const column = firstColumn(query);
  if (column === undefined || query.isUnfiltered) return indices.length === 0 ? [] : [[...indices]];
  // A full page is not known to be the last one. With one value less, a list of one record for each value is one page.
  const maxValues = readsUsersById(query) ? pageSize : pageSize - 1;
  const result: number[][] = [];
  let seen = new Set<unknown>();
  for (const at of indices) {
    const value = rows[at]?.[column];
    if (value === undefined) continue;
    if (result.length === 0 || (seen.size === maxValues && !seen.has(value))) {
      result.push([]);
      seen = new Set();
    }
    seen.add(value);
    result.at(-1)?.push(at);
  }
  return result;
}

async function readBatch(
  reader: Reader,
  query: ReadBackQuery,
  rows: readonly Values[],
  request: SharedRequest,
  purpose: Purpose,
): Promise<ReadBackResult[]> {
  const filters: Query = [
    ...(query.isUnfiltered ? [] : filtersOf(query, rows)),
    ...Object.entries(request.where).map(([filter, value]): [string, string] => [`filter[${filter}]`, value]),
    ...(query.sort ? [['sort', query.sort] as const] : []),
  ];
  // A user has one id.
  const maxItems = readsUsersById(query) ? new Set(rows.map(({id}) => id)).size : undefined;
  try {
    const items = await reader.list(request.path, filters, purpose, maxItems);
    const [row] = rows;
    if (row && items.length > 0 && (await isFilterIgnored(reader, query, row, items, request.path, purpose)))
      return rows.map(() => 'unreadable');
    return matchItems(query, rows, items, request);
  } catch (error) {
    const code = error instanceof Bulk42Error ? error.code : undefined;
    if (code === 'reading_refused') return readOneByOne(reader, query, rows, request, purpose);
    if (code === 'list_missing' && Object.keys(request.parent).length > 0) return rows.map(() => 'no_parent');
    throw error;
  }
}

/**
 * Whether the server shows the same items for another value of a filter that alone tells what they are. Then nothing is known
 * of them.
 */
async function isFilterIgnored(
  reader: Reader,
  query: ReadBackQuery,
  row: Values,
  items: readonly {id?: unknown}[],
  path: Path,
  purpose: Purpose,
): Promise<boolean> {
  if (!query.otherWhere) return false;
  const shown = new Set(items.slice(0, pageSize).map(({id}) => id));
  const filters: Query = [
    ['filter[id]', [...shown].join(',')],
    ...Object.entries(query.otherWhere(row)).map(([filter, value]) => [`filter[${filter}]`, value] as const),
  ];
  const others = await reader.list(path, filters, purpose);
  return others.some(({id}) => shown.has(id));
}

function filtersOf(query: ReadBackQuery, rows: readonly Values[]): [string, string][] {
  return Object.entries(query.by).flatMap(([filter, column], n): [string, string][] => {
    const given = rows.map((row) => row[column]).filter((value) => value !== undefined && value !== null);
    const values = [...new Set(given.map(textOf))];
    // Further filters only narrow the answer down; too many of them would make the address too long.
    return n > 0 && values.length > pageSize ? [] : [[`filter[${filter}]`, values.join(',')]];
  });
}

async function readOneByOne(
  reader: Reader,
  query: ReadBackQuery,
  rows: readonly Values[],
  request: SharedRequest,
  purpose: Purpose,
): Promise<ReadBackResult[]> {
  const results: ReadBackResult[] = [];
  for (const row of rows) {
    const path = query.one?.(row);
    if (path === undefined) {
      results.push('unreadable');
      continue;
    }
    try {
      const item = await reader.one(path, purpose);
      results.push(item === undefined ? [] : [toObserved(query, item, request)]);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'reading_refused') throw error;
      return rows.map(() => 'unreadable');
    }
  }
  return results;
}

/** Each row's records among the listed ones: those that agree in every column that says whose an item is. */
function matchItems(
  query: ReadBackQuery,
  rows: readonly Values[],
  items: readonly unknown[],
  request: SharedRequest,
): ReadBackResult[] {
  const columns = Object.values(query.by);
  const keyOf = (values: Values) => JSON.stringify(columns.map((column) => foldText(textOf(values[column]))));
  const byKey = new Map<string, ObservedRecord[]>();
  const observed = items.map((item) => toObserved(query, item, request));
  for (const record of observed) {
    const key = keyOf(record.values);
    const alike = byKey.get(key);
    if (alike) alike.push(record);
    else byKey.set(key, [record]);
  }
  const isOwned = ({values}: ObservedRecord) => columns.every((column) => values[column] !== undefined);
  const absent = observed.length > 0 && !observed.some(isOwned) ? 'unreadable' : [];
  return rows.map((row) => byKey.get(keyOf(row)) ?? absent);
}

/** Undefined where all items of the list are the row's. */
function firstColumn(query: ReadBackQuery): string | undefined {
  return Object.values(query.by)[0];
}

function toObserved(query: ReadBackQuery, given: unknown, {parent, where}: SharedRequest): ObservedRecord {
  const item = query.root === undefined ? given : (given as Record<string, unknown> | null)?.[query.root];
  const {id} = (item ?? {}) as {id?: unknown};
  const ownId = query.id ? query.id(item) : id;
  return {
    values: {...parent, ...query.observe(item, where)},
    id: Number.isSafeInteger(ownId) ? (ownId as number) : undefined,
  };
}
