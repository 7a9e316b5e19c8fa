import type {CellValue, Group} from './columns/column.ts';
import type {Values} from './row.ts';

/**
 * For each wanted element the shown one that it is, by the group's identity; undefined where there is none. The
 * stricter identities choose first, and each shown element serves once, so that equal elements count as many.
 */
export function matchElements(
  group: Group,
  wanted: readonly Values[],
  shown: readonly Values[],
): (Values | undefined)[] {
  if (group.group === 'one') return wanted.map((_, index) => shown[index]);
  const matches = wanted.map((): Values | undefined => undefined);
  const free = new Set(shown);
  for (const identity of group.identity) {
    wanted.forEach((element, index) => {
      const first = group.identity.find((fields) => fields.every((field) => isFilled(element, field)));
      if (first !== identity) return;
      const match = [...free].find((candidate) =>
        identity.every((field) =>
          group.fields[field]?.same(element[field] as CellValue, candidate[field] ?? null),
        ),
      );
      if (!match) return;
      matches[index] = match;
      free.delete(match);
    });
  }
  return matches;
}

function isFilled(element: Values, field: string): boolean {
  return element[field] !== undefined && element[field] !== null;
}
