/**
 * Rows as comma-separated lines with LF ends, each cell exactly as it is. A reader that detects the delimiter reads
 * the same cells back.
 */
export function exactCsv(rows: Iterable<readonly string[]>): string {
  return csv(rows, exact);
}

/**
 * The same for people and their spreadsheets: every cell quoted, and one that a spreadsheet would take for a formula
 * made text by a leading apostrophe. Never for a file to be read again: the apostrophe becomes part of the value.
 */
export function guardedCsv(rows: Iterable<readonly string[]>): string {
  return csv(rows, guarded);
}

function csv(rows: Iterable<readonly string[]>, write: (cell: string) => string): string {
  let text = '';
  for (const cells of rows) {
    // An empty line would be skipped by every reader; one cell, empty, is written "".
    text += cells.length === 1 && cells[0] === '' ? '""' : cells.map(write).join(',');
    text += '\n';
  }
  return text;
}

// A formula may hide behind white space; a leading tab or line break can itself begin a new cell when pasted.
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

function guarded(cell: string): string {
  return quoted(FORMULA.test(cell) ? `'${cell}` : cell);
}

// All delimiters, so that a reader that detects the delimiter finds the comma; outer spaces, because some readers trim.
const NEEDS_QUOTES = /[",;|\t\r\n]|^\s|\s$/;

function exact(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? quoted(cell) : cell;
}

function quoted(cell: string): string {
  return `"${cell.includes('"') ? cell.replaceAll('"', '""') : cell}"`;
}
