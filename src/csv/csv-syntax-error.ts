import {InputError} from '../errors.ts';
import type {Encoding} from './detect-encoding.ts';
import {maxCellCharacters, maxColumns, maxRowCharacters} from './csv-limits.ts';

export type CsvSyntaxErrorKind =
  | 'invalid_text'
  | 'mixed_encodings'
  | 'unknown_encoding'
  | 'nul_byte'
  | 'unterminated_quote'
  | 'text_after_quote'
  | 'quote_inside_cell'
  | 'cell_too_long'
  | 'too_many_columns';

/**
 * Why a file cannot be read on, and where, as an offset: counting lines while everything is well would cost time.
 * It never leaves this folder: `toInputError` makes the error that users see of it.
 */
export class CsvSyntaxError extends Error {
  readonly kind: CsvSyntaxErrorKind;
  /** Offset of the first byte concerned, in the text as UTF-8 without byte order mark. */
  readonly offset: number;
  readonly place: ErrorPlace;

  constructor(kind: CsvSyntaxErrorKind, offset: number, place: ErrorPlace = {}) {
    super(kind);
    this.kind = kind;
    this.offset = offset;
    this.place = place;
  }
}

interface ErrorPlace {
  readonly column?: number;
  /** In which the text is read. */
  readonly encoding?: Encoding;
  /** For `mixed_encodings`: where the text is written in `encoding`. */
  readonly otherOffset?: number;
}

/**
 * The error for users, with the line, counted by reading the text again.
 *
 * @param openText the same text from its beginning, read without complaint
 */
export async function toInputError(
  error: CsvSyntaxError,
  openText: () => AsyncIterable<Uint8Array>,
): Promise<InputError> {
  const {column, encoding, otherOffset} = error.place;
  const {line, isQuote} = await locate(openText(), error.offset);
  // A cell without end that began with a quote is most probably a quote that was not closed.
  const kind = error.kind === 'cell_too_long' && isQuote ? 'unterminated_quote' : error.kind;
  const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  const otherLine = otherOffset === undefined ? line : (await locate(openText(), otherOffset)).line;
  const {message, hint} = explain(kind, encoding, otherLine);
  return new InputError(`${place}: ${message}`, {code: kind, hint});
}

/** The line of the first character at or after an offset that is no line break, and whether that is a quote. */
async function locate(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
): Promise<{line: number; isQuote: boolean}> {
  let line = 1;
  let position = 0;
  let previous = '';
  for await (const chunk of chunks) {
    for (const character of Buffer.from(chunk).toString('latin1')) {
      if (character === '\r' || (character === '\n' && previous !== '\r')) line++;
      else if (character !== '\n' && position >= offset) return {line, isQuote: character === '"'};
      previous = character;
      position++;
    }
  }
  return {line, isQuote: false};
}

function explain(
  kind: CsvSyntaxErrorKind,
  encoding: Encoding | undefined,
  otherLine: number,
): {message: string; hint: string} {
  switch (kind) {
    case 'invalid_text':
      return {
        message: `a character is not valid ${encoding ?? 'text'}`,
        hint:
          encoding === 'utf-8'
            ? 'save the file as CSV UTF-8, or give --encoding windows-1252'
            : 'save the file as CSV UTF-8',
      };
    case 'mixed_encodings':
      return {
        message:
          encoding === 'utf-8'
            ? `a character is not valid utf-8, though line ${otherLine} is written in utf-8`
            : `a character is written in utf-8, though line ${otherLine} is written in windows-1252`,
        hint: 'save the whole file as CSV UTF-8, or give --encoding where one encoding holds for all of it',
      };
    case 'unknown_encoding':
      return {
        message: 'a letter is written neither in utf-8 nor, as its neighbours show, in windows-1252',
        hint: 'save the file as CSV UTF-8; where windows-1252 is right all the same, give --encoding windows-1252',
      };
    case 'nul_byte':
      return {
        message: 'there is a NUL character, so this is no text file, or not in this encoding',
        hint: 'save the table as CSV UTF-8; for UTF-16 give --encoding utf-16',
      };
    case 'unterminated_quote':
      return {
        message: `the quote (") that starts this cell is not closed, at least not within ${maxRowCharacters} characters`,
        hint: 'close it, or remove it; a quote that belongs to the text is written twice inside quotes: "5"" disk"',
      };
    case 'text_after_quote':
      return {
        message: 'text follows the closing quote of the cell that starts here',
        hint: 'a quote that belongs to the text is written twice ("5"" disk"); remove spaces behind a closing quote',
      };
    case 'quote_inside_cell':
      return {
        message: 'a quote stands inside a cell that does not start with one',
        hint: 'quote the whole cell and write the quote twice ("5"" disk"); remove spaces before an opening quote',
      };
    case 'cell_too_long':
      return {
        message: `the row does not end after ${maxRowCharacters} characters`,
        hint: `a cell may have ${maxCellCharacters} characters; is this the right file?`,
      };
    case 'too_many_columns':
      return {
        message: `there are more than ${maxColumns} columns`,
        hint: 'delete the columns that the job does not need, and check --delimiter',
      };
  }
}
