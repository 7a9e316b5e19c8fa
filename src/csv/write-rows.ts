import {writeFileAtomically} from './write-file.ts';

export interface WriteOptions {
  /**
   * For people and their spreadsheets: every cell quoted, and one that a spreadsheet would take for a formula made
   * text by a leading apostrophe. Never for a file to be read again: the apostrophe becomes part of the value.
   */
  readonly guard: boolean;
  /** Begin with a byte order mark, by which Excel recognises UTF-8. */
  readonly bom?: boolean;
}

type Rows = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

/**
 * Writes rows, the header first among them, as comma-separated UTF-8 with LF line ends, as a whole or not at all.
 *
 * @throws {DiskError} when the disk refuses
 */
export function writeCsv(path: string, rows: Rows, options: WriteOptions): Promise<void> {
  return writeFileAtomically(path, lines(rows, options));
}

async function* lines(rows: Rows, {guard, bom}: WriteOptions): AsyncGenerator<string> {
  if (bom === true) yield '\ufeff';
  const write = guard ? guarded : exact;
  for await (const cells of rows) {
    // An empty line would be skipped by every reader; one cell, empty, is written "".
    const line = cells.length === 1 && cells[0] === '' ? '""' : cells.map(write).join(',');
    yield `${line}\n`;
  }
}

// A formula may hide behind white space; a leading tab or line break can itself begin a new cell when pasted.
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

function guarded(cell: string): string {
  return quoted(FORMULA.test(cell) ? `'${cell}` : cell);
}

// All delimiters, so that whoever guesses finds the comma; outer spaces, because some readers trim.
const NEEDS_QUOTES = /[",;|\t\r\n]|^\s|\s$/;

function exact(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? quoted(cell) : cell;
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
