import {UsageError} from '../errors.ts';

/** Which lines are part of the run. `isOver`: no line from this one on is. */
export interface LineSelection {
  has(line: number): boolean;
  isOver(line: number): boolean;
}

/**
 * `--lines 10-40,55`: single lines and ranges, both ends included, in any order.
 *
 * @throws UsageError naming the part that makes no sense.
 */
export function selectLines(text: string | undefined): LineSelection {
  if (text === undefined) return {has: () => true, isOver: () => false};
  const ranges = text.split(',').map((part) => {
    const match = /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (!match || from < 1 || to < from) {
      throw new UsageError(`--lines cannot read "${part.trim()}"`, {
        hint: 'write lines and ranges with commas between them, for example --lines 10-40,55 (the header is line 1)',
      });
    }
    return {from, to};
  });
  const last = Math.max(...ranges.map(({to}) => to));
  return {
    has: (line) => ranges.some(({from, to}) => line >= from && line <= to),
    isOver: (line) => line > last,
  };
}
