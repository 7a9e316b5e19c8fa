import {appendFileSync, existsSync, readFileSync} from 'node:fs';
import type {Store} from './store.ts';
import type {IndexedTable} from './table.ts';

interface Row {
  readonly id: number;
}
type Table = IndexedTable<Row, never>;

/** One change of a record, as a line of the file; without a row it was removed. */
interface Change {
  table: string;
  id: number;
  row?: Row;
}

/**
 * Brings a store to where the changes in a file left it, and adds each later one to the file before its response leaves. A
 * last line that a killed process left half written is no change.
 */
export function persistChanges(store: Store, path: string): void {
  const {tables, ...others} = store;
  const all = new Map(Object.entries({...tables, ...others}) as unknown as [string, Table][]);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text.split('\n');
  if (lines.pop() !== '') appendFileSync(path, '\n');
  for (const line of lines.filter((each) => each !== '')) {
    const {table, id, row} = parse(line);
    if (row === undefined) all.get(table)?.delete(id);
    else all.get(table)?.set(id, row);
  }
  for (const [table, records] of all) {
    records.watch((id, row) => {
      appendFileSync(path, `${JSON.stringify({table, id, row}, withoutPassword)}\n`, {mode: 0o600});
    });
  }
}

function parse(line: string): Change {
  try {
    return JSON.parse(line) as Change;
  } catch {
    return {table: '', id: 0};
  }
}

/** The API never shows one, so none has to be kept. */
function withoutPassword(name: string, value: unknown): unknown {
  return name === 'password' && typeof value === 'string' ? '***' : value;
}
