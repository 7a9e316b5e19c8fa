import type {Delimiter} from './detect-delimiter.ts';

/** How a file is written: its delimiter, and whether a byte order mark tells spreadsheets that it is UTF-8. */
export interface CsvDialect {
  delimiter: Delimiter;
  hasMark: boolean;
}

/** What a file of this dialect begins with. */
export function markOf({hasMark}: CsvDialect): string {
  return hasMark ? '\ufeff' : '';
}

/**
 * Rows as lines with LF ends, each cell exactly as it is. A reader that detects the delimiter reads the same cells
 * back.
 */
export function exactCsv(rows: Iterable<readonly string[]>, delimiter: Delimiter = ','): string {
  return csv(rows, exact, delimiter);
}

/**
 * The same for people and their spreadsheets: every cell quoted, and one that a spreadsheet would take for a formula
 * made text by a leading apostrophe, which `withoutGuard` takes off again.
 */
export function guardedCsv(rows: Iterable<readonly string[]>, delimiter: Delimiter = ','): string {
  return csv(rows, guarded, delimiter);
}

function csv(
  rows: Iterable<readonly string[]>,
  write: (cell: string) => string,
  delimiter: Delimiter,
): string {
  let text = '';
  for (const cells of rows) {
    // An empty line would be skipped by every reader; one cell, empty, is written "".
    text += cells.length === 1 && cells[0] === '' ? '""' : cells.map(write).join(delimiter);
    text += '\n';
  }
  return text;
}

// A formula may hide behind white space; a leading tab or line break can itself begin a new cell when pasted. Behind
// apostrophes of its own a cell gets one more, so that taking one off gives the cell as it was.
const formula = /^'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** The cell that `guardedCsv` was given. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

function guarded(cell: string): string {
  return quoted(formula.test(cell) ? `'${cell}` : cell);
}

// All delimiters, so that a reader that detects the delimiter finds the one in use; outer spaces, because some readers trim.
const needsQuotes = /[",;|\t\r\n]|^\s|\s$/;

function exact(cell: string): string {
  return needsQuotes.test(cell) ? quoted(cell) : cell;
}

function quoted(cell: string): string {
  return `"${cell.includes('"') ? cell.replaceAll('"', '""') : cell}"`;
}
