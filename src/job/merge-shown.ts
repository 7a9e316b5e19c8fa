import type {Values} from './row.ts';

/** What several items prove together: lists are joined, of plain values the later one holds. */
export function mergeShown(shown: readonly Values[]): Values {
  const merged: Values = {};
  for (const values of shown) {
    for (const [column, value] of Object.entries(values)) {
      const before = merged[column];
      merged[column] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }
  return merged;
}
