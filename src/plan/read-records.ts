import type {Purpose} from '../limits/limiter.ts';
import {pageSize, type Query, type Reader} from '../api/reader.ts';
import {RefusedError} from '../errors.ts';
import {textOf} from '../input/check-input.ts';
import type {ReadBackQuery} from '../job/define-job.ts';
import type {Values} from '../job/row.ts';

/** A record that belongs to a row, and what it proves in the job's own column names. */
export interface ObservedRecord {
  values: Values;
  id: number | undefined;
  /** Creation time by the server's clock, ISO 8601, where the API shows it. */
  createdAt: string | undefined;
}

/** What one reading shows for each row: its records, or `unreadable` where the application may not look. */
export type ReadBackResult = (readonly ObservedRecord[] | 'unreadable')[];

/**
 * Reads what exists for many rows at once: the values of the reading's first filter go out 100 a request, the
 * distinct values of the other filters with them. Rows of different `where` need requests of their own. Where
 * the list is refused to this application, records are read one by one if the reading knows how.
 */
export async function readRecords(
  reader: Reader,
  reading: ReadBackQuery,
  rows: readonly Values[],
  purpose: Purpose = 'read',
  known: KnownItems = new Map(),
): Promise<ReadBackResult> {
  const readout: ReadBackResult = rows.map(() => []);
  for (const group of groupByWhere(reading, rows)) {
    for (const at of readsUsersById(reading) ? group.indices : []) {
      const item = known.get(rows[at]?.[firstColumn(reading)]);
      if (item !== undefined) readout[at] = [toShown(reading, item, group.where)];
    }
    group.indices = group.indices.filter((at) => readout[at]?.length === 0);
    for (const batch of batches(reading, rows, group.indices)) {
      const shown = await readBatch(
        reader,
        reading,
        batch.map((at) => rows[at] as Values),
        group.where,
        purpose,
      );
      batch.forEach((at, n) => (readout[at] = shown[n] as ReadBackResult[number]));
    }
  }
  return readout;
}

/** Users by id that a look-up of their logins has shown already: reading them again would be a request for nothing. */
export type KnownItems = ReadonlyMap<unknown, unknown>;

/** Whether this reading lists users by their id, and so shows what a look-up of their logins shows. */
export function readsUsersById(reading: ReadBackQuery): boolean {
  return reading.list.join('/') === 'users' && Object.keys(reading.by).join() === 'id' && !reading.where;
}

/** Row numbers by equal `where`; rows that the reading says nothing about are left out. */
function groupByWhere(
  reading: ReadBackQuery,
  rows: readonly Values[],
): {where: Record<string, string>; indices: number[]}[] {
  const groups = new Map<string, {where: Record<string, string>; indices: number[]}>();
  rows.forEach((row, at) => {
    if (reading.when && !reading.when(row)) return;
    const where = reading.where?.(row) ?? {};
    const name = JSON.stringify(where);
    const group = groups.get(name) ?? {where, indices: []};
    group.indices.push(at);
    groups.set(name, group);
  });
  return [...groups.values()];
}

/** Row numbers in batches with at most a page of distinct values of the first filter. */
function batches(reading: ReadBackQuery, rows: readonly Values[], indices: readonly number[]): number[][] {
  const column = firstColumn(reading);
  const result: number[][] = [];
  let seen = new Set<unknown>();
  for (const at of indices) {
    const value = rows[at]?.[column];
    if (value === undefined) continue;
    if (result.length === 0 || (seen.size === pageSize && !seen.has(value))) {
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
  reading: ReadBackQuery,
  rows: readonly Values[],
  where: Record<string, string>,
  purpose: Purpose,
): Promise<ReadBackResult> {
  const query: Query = [
    ...Object.entries(reading.by).flatMap(([filter, column], n): [string, string][] => {
      const values = [
        ...new Set(
          rows
            .map((row) => row[column])
            .filter((value) => value !== undefined && value !== null)
            .map(textOf),
        ),
      ];
      // Further filters only narrow the answer down; too many of them would make the address too long.
      return n > 0 && values.length > pageSize ? [] : [[`filter[${filter}]`, values.join(',')]];
    }),
    ...Object.entries(where).map(([filter, value]): [string, string] => [`filter[${filter}]`, value]),
  ];
  try {
    const items = await reader.list(reading.list, query, purpose);
    return matchItems(reading, rows, items, where);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'reading_refused') throw error;
    return readOneByOne(reader, reading, rows, where, purpose);
  }
}

async function readOneByOne(
  reader: Reader,
  reading: ReadBackQuery,
  rows: readonly Values[],
  where: Record<string, string>,
  purpose: Purpose,
): Promise<ReadBackResult> {
  const readout: ReadBackResult = [];
  for (const row of rows) {
    const path = reading.one?.(row);
    if (path === undefined) {
      readout.push('unreadable');
      continue;
    }
    try {
      const item = await reader.one(path, purpose);
      readout.push(item === undefined ? [] : [toShown(reading, item, where)]);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'reading_refused') throw error;
      return rows.map(() => 'unreadable');
    }
  }
  return readout;
}

/** Each row's records among the listed ones: those that agree in every column that was filtered by. */
function matchItems(
  reading: ReadBackQuery,
  rows: readonly Values[],
  items: readonly unknown[],
  where: Record<string, string>,
): ReadBackResult {
  const column = firstColumn(reading);
  const byValue = new Map<string, ObservedRecord[]>();
  for (const item of items) {
    const shown = toShown(reading, item, where);
    const value = textOf(shown.values[column]);
    byValue.set(value, [...(byValue.get(value) ?? []), shown]);
  }
  const columns = Object.values(reading.by);
  return rows.map((row) =>
    (byValue.get(textOf(row[column])) ?? []).filter(({values}) =>
      columns.every((each) => textOf(values[each]) === textOf(row[each])),
    ),
  );
}

function firstColumn(reading: ReadBackQuery): string {
  return Object.values(reading.by)[0] as string;
}

function toShown(reading: ReadBackQuery, item: unknown, where: Record<string, string>): ObservedRecord {
  const {id, created_at: createdAt} = item as {id?: unknown; created_at?: unknown};
  const ownId = reading.id ? reading.id(item) : id;
  const ownTime = reading.createdAt ? reading.createdAt(item) : createdAt;
  return {
    values: reading.observe(item, where),
    id: Number.isSafeInteger(ownId) ? (ownId as number) : undefined,
    createdAt: typeof ownTime === 'string' ? ownTime : undefined,
  };
}
