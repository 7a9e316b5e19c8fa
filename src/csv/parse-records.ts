import {finished} from 'node:stream/promises';
import {CsvError, Parser} from 'csv-parse';
import {CsvSyntaxError, ROW_LIMIT, COLUMN_LIMIT, type DamageKind} from './csv-syntax-error.ts';
import type {Delimiter} from './detect-delimiter.ts';
import type {Marks} from './examine-bytes.ts';
import type {TextFrom} from './skip-lines.ts';

/** A record as it stands in the file; empty lines make none. */
export interface FileRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Some hundred rows of the usual length: batches that are worth their await, and die young in memory. */
const PIECE_BYTES = 16 * 1024;

/**
 * The records of UTF-8 text, in batches, which is what makes this faster than reading csv-parse record by record.
 *
 * @param marks csv-parse asks at each byte whether it is one of these, so it is not told of those that do not occur
 * @throws {CsvSyntaxError} for quotes that do not fit, and for a row that does not end
 */
export async function* parseRecords(
  {text, before}: TextFrom,
  delimiter: Delimiter,
  marks: Marks,
): AsyncGenerator<readonly FileRecord[]> {
  const parser = new RecordParser(delimiter, marks, before);
  for await (const chunk of text) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      const records = await parser.feed(chunk.subarray(start, start + PIECE_BYTES));
      if (records.length > 0) yield records;
    }
  }
  const records = await parser.finish();
  if (records.length > 0) yield records;
}

/** Quotes and delimiters that 500 columns, and cells of nothing but doubled quotes, can need beside their text. */
const UNFINISHED_LIMIT = 2 * ROW_LIMIT + 3 * COLUMN_LIMIT;

class RecordParser extends Parser {
  #records: FileRecord[] = [];
  readonly #before: TextFrom['before'];
  #linesDone: number;
  readonly #hasQuotes: boolean;
  #unfinishedBytes = 0;

  constructor(delimiter: Delimiter, marks: Marks, before: TextFrom['before']) {
    super({
      delimiter,
      record_delimiter: marks.carriageReturn ? ['\r\n', '\n', '\r'] : ['\n'],
      ...(!marks.quote && {quote: null}),
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: ROW_LIMIT,
    });
    this.#hasQuotes = marks.quote;
    this.#before = before;
    this.#linesDone = before.lines;
    // Every error also reaches the callback of write() or finished(); an 'error' event without listener would kill.
    this.on('error', () => {});
  }

  /** Takes each record where csv-parse hands it over: through the stream's own queue it takes half as long again. */
  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#records.push({line: this.#linesDone + this.info.empty_lines + 1, cells});
    this.#linesDone += this.#hasQuotes ? 1 + lineBreaksWithin(cells) : 1;
    // csv-parse compares each record with the first, and for each that is shorter or longer makes an error object
    // that nobody reads, at twenty times the cost of the record. The first record is compared with nothing.
    const info: {records: number} = this.info;
    info.records = 0;
    return true;
  }

  async feed(chunk: Buffer): Promise<readonly FileRecord[]> {
    const emptyLines = this.info.empty_lines;
    await this.#complete(
      new Promise((resolve, reject) => {
        this.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    );
    const ended = this.#records.length > 0 || this.info.empty_lines > emptyLines;
    this.#unfinishedBytes = ended ? 0 : this.#unfinishedBytes + chunk.length;
    // max_record_size counts text only, so a row of delimiters alone would grow for ever.
    if (this.#unfinishedBytes > UNFINISHED_LIMIT) {
      throw new CsvSyntaxError('too_many_columns', this.#offset, COLUMN_LIMIT + 1);
    }
    return this.#take();
  }

  async finish(): Promise<readonly FileRecord[]> {
    this.end();
    await this.#complete(finished(this, {readable: false}));
    return this.#take();
  }

  #take(): readonly FileRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  async #complete(step: Promise<void>): Promise<void> {
    try {
      await step;
    } catch (error) {
      throw error instanceof CsvError ? this.#damage(error) : error;
    }
  }

  /** Where the last complete cell ended: before the delimiter, or behind the line break. */
  get #offset(): number {
    return this.#before.bytes + this.info.bytes;
  }

  #damage(error: CsvError): Error {
    const kind = KINDS[error.code];
    if (kind === undefined) return error;
    const index = Number(error['column']);
    const offset = this.#offset + (index > 0 ? 1 : 0);
    if (index >= COLUMN_LIMIT) return new CsvSyntaxError('too_many_columns', offset, COLUMN_LIMIT + 1);
    return new CsvSyntaxError(kind, offset, index + 1);
  }
}

const KINDS: Readonly<Partial<Record<CsvError['code'], DamageKind>>> = {
  CSV_QUOTE_NOT_CLOSED: 'unterminated_quote',
  CSV_INVALID_CLOSING_QUOTE: 'text_after_quote',
  INVALID_OPENING_QUOTE: 'quote_inside_cell',
  CSV_MAX_RECORD_SIZE: 'cell_too_long',
};

/** csv-parse counts a quoted CRLF as two lines, hence our own count. */
function lineBreaksWithin(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (!cell.includes('\n') && !cell.includes('\r')) continue;
    breaks += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return breaks;
}
