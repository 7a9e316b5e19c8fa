import stringWidth from 'fast-string-width';
import {visible} from './visible.ts';

/** A plain table: columns padded to their widest cell, two spaces between. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [header, ...rows].map((row) => row.map(visible));
  const widths = header.map((_, at) => Math.max(...table.map((row) => stringWidth(row[at] ?? ''))));
  return table
    .map((row) =>
      row
        .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - stringWidth(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
