import {createHash} from 'node:crypto';
import {InputError} from '../errors.ts';
import type {CsvRow} from './csv-row.ts';
import {CsvSyntaxError, locateDamage} from './csv-syntax-error.ts';
import {declaredDelimiter, detectDelimiter, namedDelimiter, type Delimiter} from './detect-delimiter.ts';
import {detectEncoding, type Encoding} from './detect-encoding.ts';
import {examineBytes} from './examine-bytes.ts';
import {fitHeader, fitRecord} from './fit-record.ts';
import {parseRecords, type FileRecord} from './parse-records.ts';
import {refuseForeignFormat} from './refuse-foreign-format.ts';
import {changedError, openRegularFile, type RegularFile} from '../files/regular-file.ts';
import {skipLines} from './skip-lines.ts';
import {toUtf8} from './to-utf8.ts';

/** A CSV source opened once: the same bytes are hashed and parsed, however often. */
export interface CsvInput {
  /** What messages call it: its path as given, unless it was told another. */
  readonly title: string;
  readonly bytes: number;
  /** How many lines it has; an estimate, for files with unusual line breaks. */
  readonly lines: number;
  /** As written, without byte order mark, and without empty names at the end. */
  readonly header: readonly string[];
  readonly headerLine: number;
  /** `guessed`: neither the user nor the file says what the encoding or the delimiter is. */
  readonly dialect: {readonly encoding: Encoding; readonly delimiter: Delimiter; readonly guessed: boolean};
  readonly warnings: readonly string[];
  /**
   * One pass over the rows, in batches; each call starts again at the first row, or where it is told to.
   *
   * @param from rows before this line are not wanted, and left out where that saves reading them
   * @throws {InputError} naming the line where the file is no CSV, or when it changed since it was opened
   */
  rows(from?: number): AsyncIterable<readonly CsvRow[]>;
  /** SHA-256 of the whole file, in hex. Each complete pass of `rows()` checks that it read these bytes. */
  sha256(): Promise<string>;
  close(): Promise<void>;
}

export interface InputOptions {
  /** What messages call it, where the path is none that anybody knows. */
  title?: string | undefined;
  /** `,` `;` tab `|` or comma, semicolon, tab, pipe. */
  delimiter?: string | undefined;
  /** utf-8, utf-16, utf-16le, utf-16be, windows-1252 and their usual spellings. */
  encoding?: string | undefined;
}

/**
 * Opens a CSV file, finds out how it is written and reads its header.
 *
 * @throws {FileError} when there is no such readable file
 * @throws {InputError} when it is empty, no text, or its header is beyond the limits
 * @throws {UsageError} when an option names no known delimiter or encoding
 */
export async function openInput(path: string, options: InputOptions = {}): Promise<CsvInput> {
  const asked = options.delimiter === undefined ? undefined : namedDelimiter(options.delimiter);
  const title = options.title ?? path;
  const file = await openRegularFile(path);
  try {
    return await readHead(title, file, asked, options.encoding);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHead(
  title: string,
  file: RegularFile,
  askedDelimiter: Delimiter | undefined,
  askedEncoding: string | undefined,
): Promise<CsvInput> {
  const start = (await first(file.chunks())) ?? Buffer.alloc(0);
  refuseForeignFormat(title, start);
  const facts = await examineBytes(file.chunks());
  const {encoding, guessed} = detectEncoding(start, facts, askedEncoding);
  if (encoding === 'utf-8' && facts.notUtf8At !== undefined) {
    throw await locateDamage(new CsvSyntaxError('invalid_text', facts.notUtf8At), file.chunks(), encoding);
  }
  const warnings: string[] = [];
  if (encoding === 'windows-1252' && guessed) {
    warnings.push(
      'the file is not UTF-8, so it is read as windows-1252; if accents look wrong, give --encoding',
    );
  }

  const text = (): AsyncGenerator<Buffer> => toUtf8(file.chunks(), encoding, () => {});
  const sample = ((await first(text())) ?? '').toString();
  const declared = declaredDelimiter(sample);
  const delimiter = askedDelimiter ?? declared ?? detectDelimiter(sample);

  const everyLineFeedEndsALine = !facts.marks.quote && !facts.marks.carriageReturn;

  async function* records(from = 1): AsyncGenerator<readonly FileRecord[]> {
    const bytes = verified(file.chunks(), facts.sha256, title);
    const checked = toUtf8(bytes, encoding, (damage) => {
      throw damage;
    });
    try {
      yield* parseRecords(skipLines(checked, everyLineFeedEndsALine ? from - 1 : 0), delimiter, facts.marks);
    } catch (error) {
      if (!(error instanceof CsvSyntaxError)) throw error;
      throw await locateDamage(error, text(), encoding);
    }
  }

  const {header, headerLine} = await readHeader(title, records(), declared === undefined ? 1 : 2);

  async function* rows(from?: number): AsyncGenerator<readonly CsvRow[]> {
    for await (const batch of records(from)) {
      const fitting: CsvRow[] = [];
      for (const record of batch) {
        if (record.line <= headerLine) continue;
        const row = fitRecord(record, header.length);
        if (row !== undefined) fitting.push(row);
      }
      if (fitting.length > 0) yield fitting;
    }
  }

  return {
    title,
    bytes: file.bytes,
    lines: facts.lineFeeds,
    header,
    headerLine,
    dialect: {
      encoding,
      delimiter,
      guessed: guessed || (askedDelimiter === undefined && declared === undefined),
    },
    warnings,
    rows,
    sha256: () => Promise.resolve(facts.sha256),
    close: () => file.close(),
  };
}

async function readHeader(
  title: string,
  records: AsyncIterable<readonly FileRecord[]>,
  firstLine: number,
): Promise<{header: readonly string[]; headerLine: number}> {
  for await (const batch of records) {
    for (const record of batch) {
      const header = record.line < firstLine ? undefined : fitHeader(record);
      if (header !== undefined) return {header, headerLine: record.line};
    }
  }
  throw new InputError(`${title}: the file is empty`, {
    code: 'empty_file',
    hint: 'the first line must name the columns; `bulk42 template <job>` prints one',
  });
}

/** The chunks as they are; after the last, and before anything can be made of an end that came too early, a check. */
async function* verified(
  chunks: AsyncIterable<Buffer>,
  sha256: string,
  title: string,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw changedError(title);
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
