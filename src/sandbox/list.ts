import type {RouteCall} from './call.ts';
import {Halt, json} from './reply.ts';
import type {Reply} from './reply.ts';
import type {IndexedTable} from './table.ts';

type Cell = string | number | boolean | null;

/** What a list can be filtered, ranged and sorted by. A column may hold several values; one that matches is enough. */
export type ListColumns<T> = Record<string, (row: T) => Cell | Cell[]>;

interface Listing<T extends {readonly id: number}, Name extends string> {
  table: IndexedTable<T, Name>;
  /** Columns that have an index of the same name in the table. Folded ones are keyed by text, the others by number. */
  indexed: readonly Name[];
  columns: ListColumns<T>;
  /** Columns compared without regard to case. */
  foldCase?: readonly string[];
  show: (row: T) => unknown;
  /** A nested route's own condition, by an index. */
  within?: {name: Name; key: number};
}

const bracketed = /^(filter|range)\[([^\]]+)\]$/;
const defaultPageSize = 30;

/**
 * One page of a list: filters (comma is OR, several are AND), ranges, sort, pages of 30 to 100. Without a sort the order is
 * by id. Larger pages are clamped silently; a page beyond the end is empty; X-Total counts items.
 */
export function list<T extends {readonly id: number}, Name extends string>(
  call: RouteCall,
  listing: Listing<T, Name>,
): Reply {
  const rows = sorted(call, listing, select(call, listing));
  const {maxPageSize, totals} = call.settings;
  const size = Math.min(positive(call.query, ['page[size]', 'per_page']) ?? defaultPageSize, maxPageSize);
  const page = positive(call.query, ['page[number]', 'page']) ?? 1;
  const items = rows.slice((page - 1) * size, page * size).map((row) => listing.show(row));
  return json(200, items, {
    'X-Page': String(page),
    'X-Per-Page': String(size),
    ...(totals !== 'missing' && {
      'X-Total': String(totals === 'right' ? rows.length : Math.floor(rows.length / 2)),
    }),
    Link: links(call, page, Math.max(1, Math.ceil(rows.length / size))),
  });
}

function positive(query: URLSearchParams, names: string[]): number | undefined {
  for (const name of names) {
    const value = query.get(name);
    if (value !== null && /^\d{1,9}$/.test(value) && Number(value) > 0) return Number(value);
  }
  return undefined;
}

function select<T extends {readonly id: number}, Name extends string>(
  call: RouteCall,
  listing: Listing<T, Name>,
): T[] {
  const {table, columns, foldCase = [], within} = listing;
  let rows = within && table.by(within.name, within.key);
  const tests: ((row: T) => boolean)[] = [];
  for (const [parameter, text] of call.query) {
    const [, kind, name = ''] = bracketed.exec(parameter) ?? [];
    if (kind === undefined) continue;
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (column === undefined) throw new Halt(filterError(name, Object.keys(columns)));
    if (kind === 'range') {
      tests.push(inRange(column, text));
      continue;
    }
    const fold = foldCase.includes(name);
    const wanted = new Set(
      text.split(',').map((value) => (fold ? value.trim().toLowerCase() : value.trim())),
    );
    rows ??= lookUp(listing, name, wanted, fold);
    tests.push((row) =>
      cells(column(row)).some((cell) => wanted.has(fold ? String(cell).toLowerCase() : String(cell))),
    );
  }
  rows ??= [...table.values()];
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

/** Candidates by id or by an index, so that a filter on them never scans the table; undefined for other columns. */
function lookUp<T extends {readonly id: number}, Name extends string>(
  {table, indexed}: Listing<T, Name>,
  column: string,
  wanted: ReadonlySet<string>,
  isText: boolean,
): T[] | undefined {
  const keys = Array.from(wanted, (value) => (isText ? value : Number(value || Number.NaN)));
  if (column === 'id') return keys.map((key) => table.get(Number(key))).filter((row) => row !== undefined);
  const index = indexed.find((name) => name === column);
  return index && [...new Set(keys.flatMap((key) => table.by(index, key)))];
}

function cells(value: Cell | Cell[]): Cell[] {
  return Array.isArray(value) ? value : [value];
}

function inRange<T>(column: (row: T) => Cell | Cell[], text: string): (row: T) => boolean {
  const [min = '', max = ''] = text.split(',');
  return (row) =>
    cells(column(row)).some(
      (cell) =>
        cell !== null && (min === '' || compare(cell, min) >= 0) && (max === '' || compare(cell, max) <= 0),
    );
}

/** Numbers as numbers, times as times whatever their notation, the rest as text. */
function compare(cell: Cell, other: Cell): number {
  if (cell === null || other === null) return Number(other === null) - Number(cell === null);
  if (typeof cell === 'number') return cell - Number(other);
  const [left, right] = [String(cell), String(other)];
  if (/^\d{4}-\d\d-\d\d/.test(left) && /^\d{4}-\d\d-\d\d/.test(right))
    return Date.parse(left) - Date.parse(right);
  return left < right ? -1 : Number(left > right);
}

function sorted<T extends {readonly id: number}, Name extends string>(
  call: RouteCall,
  {columns}: Listing<T, Name>,
  rows: T[],
): T[] {
  const keys = (call.query.get('sort') ?? '')
    .split(',')
    .filter((key) => key !== '')
    .map((key) => ({name: key.replace(/^-/, ''), sign: key.startsWith('-') ? -1 : 1}));
  for (const {name} of keys) {
    if (!Object.hasOwn(columns, name)) {
      throw new Halt(json(400, {error: 'Sort Error', message: `The ${name} field is not sortable`}));
    }
  }
  return rows.sort((a, b) => {
    for (const {name, sign} of keys) {
      const column = columns[name];
      const order = column ? compare(cells(column(a))[0] ?? null, cells(column(b))[0] ?? null) : 0;
      if (order !== 0) return order * sign;
    }
    return a.id - b.id;
  });
}

function filterError(name: string, known: string[]): Reply {
  const message = `Attributes ${name} doesn't exists. You can only filter on: [${known.join(', ')}]`;
  return json(400, {error: 'Filter Error', message});
}

function links(call: RouteCall, page: number, last: number): string {
  const to = (number: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set(query.has('page[number]') || query.has('page[size]') ? 'page[number]' : 'page', String(number));
    return `<${call.url}?${query.toString()}>; rel="${rel}"`;
  };
  const found = [to(1, 'first')];
  if (page > 1) found.push(to(page - 1, 'prev'));
  if (page < last) found.push(to(page + 1, 'next'));
  return [...found, to(last, 'last')].join(', ');
}
