import {InputError} from '../errors.ts';

export const CELL_LIMIT = 65_536;
export const COLUMN_LIMIT = 500;
/** UTF-8 bytes of one header name. */
export const NAME_LIMIT = 256;
/** Characters of all cells of a row; what keeps memory flat when a quote is never closed. */
export const ROW_LIMIT = 2 * 1024 * 1024;

export type DamageKind =
  | 'invalid_text'
  | 'nul_byte'
  | 'unterminated_quote'
  | 'text_after_quote'
  | 'quote_inside_cell'
  | 'cell_too_long'
  | 'too_many_columns';

/**
 * Why a file cannot be read on, and where, as an offset: counting lines while everything is well would cost time.
 * Never leaves this folder; `locateDamage` makes the error that people see of it.
 */
export class CsvSyntaxError extends Error {
  readonly kind: DamageKind;
  /** Offset of the first byte concerned, in the text as UTF-8 without byte order mark. */
  readonly offset: number;
  readonly column: number | undefined;

  constructor(kind: DamageKind, offset: number, column?: number) {
    super(kind);
    this.kind = kind;
    this.offset = offset;
    this.column = column;
  }
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * The error for damage at an offset of these chunks, with its line, counted by reading up to it.
 *
 * @param chunks the same text again, from its beginning, read without complaint
 */
export async function locateDamage(
  damage: CsvSyntaxError,
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): Promise<InputError> {
  const {line, quoted} = await locate(chunks, damage.offset);
  // A cell without end that began with a quote is a quote without end: the likelier mistake by far.
  const kind = damage.kind === 'cell_too_long' && quoted ? 'unterminated_quote' : damage.kind;
  const place = damage.column === undefined ? `line ${line}` : `line ${line}, column ${damage.column}`;
  const {says, hint} = explain(kind, encoding);
  return new InputError(`${place}: ${says}`, {code: kind, hint});
}

/** The line of the first character at or after an offset that is no line break, and whether that is a quote. */
async function locate(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
): Promise<{line: number; quoted: boolean}> {
  let line = 1;
  let position = 0;
  let previous = 0;
  for await (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index++, position++) {
      const byte = chunk[index] ?? 0;
      if (byte === CR || (byte === LF && previous !== CR)) line++;
      else if (byte !== LF && position >= offset) return {line, quoted: byte === QUOTE};
      previous = byte;
    }
  }
  return {line, quoted: false};
}

function explain(kind: DamageKind, encoding: string): {says: string; hint: string} {
  switch (kind) {
    case 'invalid_text':
      return {
        says: `a character is not valid ${encoding}`,
        hint:
          encoding === 'utf-8'
            ? 'save the file as CSV UTF-8, or give --encoding windows-1252'
            : 'save the file as CSV UTF-8',
      };
    case 'nul_byte':
      return {
        says: 'there is a NUL character, so this is no text file, or not in this encoding',
        hint: 'save the table as CSV UTF-8; for UTF-16 give --encoding utf-16',
      };
    case 'unterminated_quote':
      return {
        says: `the quote (") that starts this cell is not closed, at least not within ${ROW_LIMIT} characters`,
        hint: 'close it, or remove it; a quote that belongs to the text is written twice inside quotes: "5"" disk"',
      };
    case 'text_after_quote':
      return {
        says: 'text follows the closing quote of the cell that starts here',
        hint: 'a quote that belongs to the text is written twice ("5"" disk"); remove spaces behind a closing quote',
      };
    case 'quote_inside_cell':
      return {
        says: 'a quote stands inside a cell that does not start with one',
        hint: 'quote the whole cell and write the quote twice ("5"" disk"); remove spaces before an opening quote',
      };
    case 'cell_too_long':
      return {
        says: `the row does not end after ${ROW_LIMIT} characters`,
        hint: `a cell may have ${CELL_LIMIT} characters; is this the right file?`,
      };
    case 'too_many_columns':
      return {
        says: `there are more than ${COLUMN_LIMIT} columns`,
        hint: 'delete the columns that the job does not need, and check --delimiter',
      };
  }
}
