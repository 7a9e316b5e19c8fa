import {CsvError, parse} from 'csv-parse/sync';
import {maxColumns, maxRowCharacters} from './csv-limits.ts';
import {CsvSyntaxError, type CsvSyntaxErrorKind} from './csv-syntax-error.ts';
import type {Delimiter} from './detect-delimiter.ts';

/** A record as it stands in the file; empty lines make none. */
export interface FileRecord {
  readonly line: number;
  /** Its row in a spreadsheet: line breaks within cells do not count. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Delimiters and quotes that a row of the permitted size can need beside its text. */
const maxUnfinishedBytes = 2 * maxRowCharacters + 3 * maxColumns;

/**
 * The records of UTF-8 text, a batch for each piece of the file: record by record would take half as long again.
 *
 * @throws {CsvSyntaxError} for misplaced quotes, and for a row that does not end
 */
export async function* parseRecords(
  text: AsyncIterable<Buffer>,
  delimiter: Delimiter,
): AsyncGenerator<readonly FileRecord[]> {
  let position: Position = {line: 1, row: 1, offset: 0};
  for await (const piece of wholeRecords(text)) {
    const {records, breaksWithin} = parsePiece(piece, delimiter, position);
    // max_record_size counts text only: a row of delimiters alone would never reach it.
    if (piece.length > maxUnfinishedBytes) {
      throw new CsvSyntaxError('too_many_columns', position.offset, {column: maxColumns + 1});
    }
    if (records.length > 0) yield records;
    const lines = countLineBreaks(piece.toString('latin1'));
    position = {
      line: position.line + lines,
      row: position.row + lines - breaksWithin,
      offset: position.offset + piece.length,
    };
  }
}

/** The same bytes, cut between records: at a line end before which every quote has its closing one. */
async function* wholeRecords(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of text) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.length > maxUnfinishedBytes ? bytes.length : endOfLastRecord(bytes);
    if (end > 0) yield bytes.subarray(0, end);
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield rest;
}

function endOfLastRecord(bytes: Buffer): number {
  let end = 0;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (byte === lineFeed) end = at + 1;
    // The last byte may be the first half of a line end.
    else if (byte === carriageReturn && at + 1 < bytes.length && bytes[at + 1] !== lineFeed) end = at + 1;
  }
  return end;
}

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Where a piece of the file begins. */
interface Position {
  line: number;
  row: number;
  offset: number;
}

function parsePiece(
  piece: Buffer,
  delimiter: Delimiter,
  start: Position,
): {records: FileRecord[]; breaksWithin: number} {
  const hasQuotes = piece.includes(quote);
  const options = {
    delimiter,
    // csv-parse compares each byte with each of these, so it is given those that the piece has.
    record_delimiter: piece.includes(carriageReturn) ? ['\r\n', '\n', '\r'] : ['\n'],
    quote: hasQuotes ? '"' : null,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxRowCharacters,
  };
  let {row} = start;
  let breaksWithin = 0;
  const toRecord = (cells: string[]): FileRecord => {
    const record = {line: start.line + row - start.row + breaksWithin, row, cells};
    row++;
    if (hasQuotes) for (const cell of cells) breaksWithin += countLineBreaks(cell);
    return record;
  };
  try {
    if (!mayHaveEmptyLines.test(piece.toString('latin1'))) {
      const records = parse(piece, options).map(toRecord);
      return {records, breaksWithin};
    }
    // To know the lines of such a piece, csv-parse has to give its counters with each record: that takes twice as long.
    let emptyLines = 0;
    const parsed = parse(piece, {...options, info: true}) as unknown as RecordWithInfo[];
    const records = parsed.map(({record, info}) => {
      row += info.empty_lines - emptyLines;
      emptyLines = info.empty_lines;
      return toRecord(record);
    });
    return {records, breaksWithin};
  } catch (error) {
    throw error instanceof CsvError ? toSyntaxError(error, start.offset) : error;
  }
}

interface RecordWithInfo {
  record: string[];
  info: {empty_lines: number};
}

const mayHaveEmptyLines = /^[\r\n]|\n[\r\n]|\r\r/;

const kinds: Readonly<Partial<Record<CsvError['code'], CsvSyntaxErrorKind>>> = {
  CSV_QUOTE_NOT_CLOSED: 'unterminated_quote',
  CSV_INVALID_CLOSING_QUOTE: 'text_after_quote',
  INVALID_OPENING_QUOTE: 'quote_inside_cell',
  CSV_MAX_RECORD_SIZE: 'cell_too_long',
};

function toSyntaxError(error: CsvError, pieceOffset: number): Error {
  const kind = kinds[error.code];
  if (kind === undefined) return error;
  const index = Number(error['column']);
  // `bytes` is where the last complete cell ended: before a delimiter, or behind a line break.
  const offset = pieceOffset + Number(error['bytes']) + (index > 0 ? 1 : 0);
  if (index >= maxColumns) return new CsvSyntaxError('too_many_columns', offset, {column: maxColumns + 1});
  return new CsvSyntaxError(kind, offset, {column: index + 1});
}

function countLineBreaks(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
