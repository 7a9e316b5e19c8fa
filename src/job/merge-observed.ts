import type {Values} from './row.ts';

/** What several items prove together: lists are joined, of plain values the later one holds. */
export function mergeObserved(observed: readonly Values[]): Values {
  const merged: Values = {};
  for (const values of observed) {
    for (const [column, value] of Object.entries(values)) {
      const before = merged[column];
      merged[column] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }
  return merged;
}
