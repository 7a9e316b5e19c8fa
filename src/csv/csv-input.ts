import {InputError} from '../errors.ts';
import {RegularFile} from '../files/regular-file.ts';
import type {CsvRow} from './csv-row.ts';
import {CsvSyntaxError, toInputError} from './csv-syntax-error.ts';
import {type DecodeEvents, decodeText} from './decode-text.ts';
import {declaredDelimiter, detectDelimiter, namedDelimiter, type Delimiter} from './detect-delimiter.ts';
import {detectEncoding, hasByteOrderMark, type Encoding} from './detect-encoding.ts';
import {checkHeader, filledLength} from './check-record.ts';
import {parseRecords, type FileRecord} from './parse-records.ts';
import {refuseForeignFormat} from './refuse-foreign-format.ts';
import {RowFitter} from './row-fitter.ts';
import type {CsvDialect} from './write-rows.ts';

export interface CsvOptions {
  /** What messages call the file, where its path is one that the user does not know. */
  title?: string | undefined;
  /** `,` `;` tab `|` or comma, semicolon, tab, pipe. */
  delimiter?: string | undefined;
  /** utf-8, utf-16, utf-16le, utf-16be, windows-1252 and their usual spellings. */
  encoding?: string | undefined;
  /** The header of a file that has none: its first line is a row. */
  columns?: readonly string[] | undefined;
  /** The copy of a sheet: its lines are counted as the sheet counts its rows, whatever breaks are in the cells. */
  isSheet?: boolean | undefined;
}

/** A CSV file opened once: each pass reads and hashes the same bytes. */
export class CsvInput {
  /** What messages call it. */
  readonly title: string;
  readonly #file: RegularFile;
  readonly #encoding: Encoding | undefined;
  readonly #delimiter: Delimiter;
  readonly #hasMark: boolean;
  readonly #isSheet: boolean;
  #header: readonly string[] = [];
  #headerRecord: FileRecord = {line: 0, row: 0, cells: []};
  #wasReadToEnd = false;
  #lastLine = 0;
  #isGuessedWindows1252 = false;

  private constructor(
    title: string,
    file: RegularFile,
    encoding: Encoding | undefined,
    delimiter: Delimiter,
    {hasMark, isSheet}: {hasMark: boolean; isSheet: boolean},
  ) {
    this.title = title;
    this.#file = file;
    this.#encoding = encoding;
    this.#delimiter = delimiter;
    this.#hasMark = hasMark;
    this.#isSheet = isSheet;
  }

  /**
   * Opens a CSV file, finds out how it is written and reads its header.
   *
   * @throws {FileError} when there is no such readable file
   * @throws {InputError} when it is empty, no text, or its header is beyond the limits
   * @throws {UsageError} when an option names no known delimiter or encoding
   */
  static async open(path: string, options: CsvOptions = {}): Promise<CsvInput> {
    const given = options.delimiter === undefined ? undefined : namedDelimiter(options.delimiter);
    const title = options.title ?? path;
    const file = await RegularFile.open(path, title);
    try {
      const start = (await first(file.chunks())) ?? Buffer.alloc(0);
      refuseForeignFormat(title, start);
      const encoding = detectEncoding(start, options.encoding);
      const sample = ((await first(decodeText(file.chunks(), encoding, ignoreAll))) ?? '').toString();
      const declared = declaredDelimiter(sample);
      const delimiter = given ?? declared ?? detectDelimiter(sample);
      const input = new CsvInput(title, file, encoding, delimiter, {
        hasMark: hasByteOrderMark(start),
        isSheet: options.isSheet ?? false,
      });
      if (options.columns) input.#takeHeader({line: 0, row: 0, cells: options.columns});
      else await input.#readHeader(declared === undefined ? 1 : 2);
      return input;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** As written, without byte order mark, and without empty names at the end. */
  get header(): readonly string[] {
    return this.#header;
  }

  get headerLine(): number {
    return this.#headerRecord.line;
  }

  /** A pass has shown that the whole file can be read. Before that, a row may still turn out to be misread. */
  get wasReadToEnd(): boolean {
    return this.#wasReadToEnd;
  }

  /** The line of the last row read so far. */
  get lastLine(): number {
    return this.#lastLine;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  /** Complete after the first pass. */
  get warnings(): readonly string[] {
    return this.#isGuessedWindows1252
      ? ['the file is not UTF-8, so it is read as windows-1252; if accents look wrong, give --encoding']
      : [];
  }

  /**
   * One pass over the rows, in batches; each call starts again at the first row.
   *
   * @throws {InputError} naming the line where the file is no CSV, or when it changed since the first pass
   */
  async *rows(): AsyncGenerator<readonly CsvRow[]> {
    const fitter = new RowFitter(this.#headerRecord);
    let rows: CsvRow[] = [];
    for await (const batch of this.#records()) {
      for (const record of batch) {
        if (record.line > this.headerLine) fitter.add(record, rows);
      }
      if (rows.length === 0) continue;
      this.#lastLine = rows.at(-1)?.line ?? 0;
      yield rows;
      rows = [];
    }
    fitter.end(rows);
    this.#lastLine = rows.at(-1)?.line ?? this.#lastLine;
    this.#wasReadToEnd = true;
    if (rows.length > 0) yield rows;
  }

  /** SHA-256 of the whole file, in hex. Each complete pass of `rows()` checks that it read these bytes. */
  sha256(): Promise<string> {
    return this.#file.sha256();
  }

  /** How files beside this one are written, so that the program it comes from opens them rightly: always UTF-8. */
  async dialect(): Promise<CsvDialect> {
    const delimiter = this.#delimiter;
    const isSpreadsheet = delimiter === ';' || delimiter === '\t';
    return {delimiter, hasMark: isSpreadsheet || this.#hasMark || !(await this.#isUtf8())};
  }

  async #isUtf8(): Promise<boolean> {
    if (this.#encoding !== undefined) return this.#encoding === 'utf-8';
    const onGuessedWindows1252 = () => void (this.#isGuessedWindows1252 = true);
    const text = decodeText(this.#file.chunks(), undefined, {...ignoreAll, onGuessedWindows1252});
    for await (const _ of text) if (this.#isGuessedWindows1252) break;
    return !this.#isGuessedWindows1252;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #readHeader(firstLine: number): Promise<void> {
    for await (const batch of this.#records()) {
      for (const record of batch) {
        if (record.line < firstLine || filledLength(record.cells) === 0) continue;
        this.#takeHeader(record);
        this.#refuseTitle(batch.slice(batch.indexOf(record) + 1));
        return;
      }
    }
    throw new InputError(`${this.title}: the file is empty`, {
      code: 'empty_file',
      hint: 'the first line must name the columns; `bulk42 template <job>` prints one',
    });
  }

  /** What stands alone in its row above rows of several cells is a title, or a header that was cut off. */
  #refuseTitle(records: readonly FileRecord[]): void {
    const widths = records.map(({cells}) => filledLength(cells)).filter((width) => width > 0);
    if (this.#header.length > 1 || widths.length < 2 || widths.slice(0, 2).some((width) => width < 2)) return;
    throw new InputError(
      `line ${this.headerLine}: only "${this.#header[0]}" stands in this row, and more in those below`,
      {
        code: 'title_above_header',
        hint: 'delete what is above the row that names the columns; if this is that row, name each column',
      },
    );
  }

  #takeHeader(record: FileRecord): void {
    checkHeader(record);
    this.#headerRecord = record;
    this.#header = record.cells.slice(0, filledLength(record.cells));
  }

  async *#records(): AsyncGenerator<readonly FileRecord[]> {
    const text = decodeText(this.#file.chunks(), this.#encoding, {
      onError: (error) => {
        throw error;
      },
      onGuessedWindows1252: () => {
        this.#isGuessedWindows1252 = true;
      },
    });
    try {
      for await (const records of parseRecords(text, this.#delimiter))
        yield this.#isSheet ? records.map((record) => ({...record, line: record.row})) : records;
    } catch (error) {
      if (!(error instanceof CsvSyntaxError)) throw error;
      throw await toInputError(error, () => decodeText(this.#file.chunks(), this.#encoding, ignoreAll));
    }
  }
}

const ignoreAll: DecodeEvents = {onError: () => {}, onGuessedWindows1252: () => {}};

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
