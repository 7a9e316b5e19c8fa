import stringWidth from 'fast-string-width';
import {escapeControlCharacters} from './escape-control-characters.ts';

const gap = '  ';
/** Words in a narrower column are hard to read. */
const minColumnWidth = 12;

/**
 * A plain table: columns padded to their widest cell. Where that is wider than `width`, cells are folded between words,
 * all but the first, which holds the name that is typed; and where even that is too narrow, each row is a short list.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string {
  const table = [header, ...rows].map((row) => row.map(escapeControlCharacters));
  const widths = fit(
    header.map((_, at) => Math.max(...table.map((row) => stringWidth(row[at] ?? '')))),
    width - gap.length * (header.length - 1),
  );
  return (widths ? table.flatMap((row) => lines(row, widths)) : table.slice(1).flatMap(listed(header))).join(
    '\n',
  );
}

/** The widths with which the columns fit into `room`: the widest give way first. Undefined where they cannot. */
function fit(natural: readonly number[], room: number): number[] | undefined {
  const widths = [...natural];
  const total = widths.reduce((sum, width) => sum + width, 0);
  for (let over = total - room; over > 0; over--) {
    const widest = Math.max(...widths.slice(1));
    if (widest <= minColumnWidth) return undefined;
    widths[widths.indexOf(widest, 1)] = widest - 1;
  }
  return widths;
}

function lines(cells: readonly string[], widths: readonly number[]): string[] {
  const folded = cells.map((cell, at) => fold(cell, widths[at] ?? 0));
  return Array.from({length: Math.max(...folded.map(({length}) => length))}, (_, line) =>
    folded
      .map((parts, at) => pad(parts[line] ?? '', widths[at] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}

function listed(header: readonly string[]): (cells: readonly string[]) => string[] {
  return ([name = '', ...cells]) => [
    name,
    ...cells.flatMap((cell, at) => (cell === '' ? [] : [`  ${header[at + 1]}: ${cell}`])),
  ];
}

/** At spaces, and within a word where that alone is too long. */
function fold(text: string, width: number): string[] {
  const words = text
    .split(' ')
    .flatMap((word) => (stringWidth(word) <= width ? [word] : fill(Array.from(word), '', width)));
  return fill(words, ' ', width);
}

/** Lines of `parts`, as many in each as fit. */
function fill(parts: readonly string[], between: string, width: number): string[] {
  const filled = [''];
  for (const part of parts) {
    const line = filled.at(-1) ?? '';
    const longer = line === '' ? part : line + between + part;
    if (stringWidth(longer) <= width) filled[filled.length - 1] = longer;
    else filled.push(part);
  }
  return filled;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
