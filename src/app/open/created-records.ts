import type {RowStates} from '../../journal/row-states.ts';

/**
 * Ids of the records that a run created, by line, as its journal proves. `withoutId` ones were created too, but with no
 * id known.
 */
export function createdRecords(states: RowStates): {ids: Map<number, number>; withoutId: number} {
  const ids = new Map<number, number>();
  let withoutId = 0;
  for (const [line, {id}] of states.rowsWith(['created'])) {
    if (id === undefined) withoutId++;
    else ids.set(line, id);
  }
  return {ids, withoutId};
}

/** `2-40,42`: lines as `--lines` reads them. */
export function lineRanges(lines: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
