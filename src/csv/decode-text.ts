import {isAscii, isUtf8} from 'node:buffer';
import {CsvSyntaxError} from './csv-syntax-error.ts';
import {LikelyWindows1252} from './likely-windows-1252.ts';
import type {Encoding} from './detect-encoding.ts';

/** What the decoder finds on the way. To read a text without complaint, do nothing in `onError`. */
export interface DecodeEvents {
  readonly onError: (error: CsvSyntaxError) => void;
  /** No option and no mark says so: the first character beyond ASCII is no UTF-8. */
  readonly onGuessedWindows1252: () => void;
}

/**
 * The bytes of a file as UTF-8 text, without the byte order marks at its beginning.
 *
 * @param encoding undefined: UTF-8 or windows-1252, as the first character beyond ASCII shows
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding | undefined,
  events: DecodeEvents,
): AsyncGenerator<Buffer> {
  const isUtf16 = encoding === 'utf-16le' || encoding === 'utf-16be';
  const text = isUtf16 ? decodeUtf16(chunks, encoding, events) : decodeBytes(chunks, encoding, events);
  let offset = 0;
  for await (const decoded of text) {
    const bytes = offset === 0 ? withoutMarks(decoded) : decoded;
    const nul = bytes.indexOf(0);
    if (nul !== -1) events.onError(new CsvSyntaxError('nul_byte', offset + nul));
    offset += bytes.length;
    if (bytes.length > 0) yield bytes;
  }
}

const byteOrderMark = Buffer.from('\ufeff');

/** A program that adds a mark to a text that has one already leaves two. */
function withoutMarks(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes.subarray(start, start + byteOrderMark.length).equals(byteOrderMark)) {
    start += byteOrderMark.length;
  }
  return bytes.subarray(start);
}

/**
 * UTF-8 or windows-1252. All ASCII before the character that decides is the same in both; a character of the other
 * encoding after it means that two files were put together, which no encoding reads rightly.
 */
async function* decodeBytes(
  chunks: AsyncIterable<Buffer>,
  given: 'utf-8' | 'windows-1252' | undefined,
  {onError, onGuessedWindows1252}: DecodeEvents,
): AsyncGenerator<Buffer> {
  let encoding = given;
  let offset = 0;
  let firstBeyondAscii: number | undefined;
  let guess: LikelyWindows1252 | undefined;
  let previous: Buffer = Buffer.alloc(0);
  for await (const bytes of wholeCharacters(chunks)) {
    let text: Buffer = bytes;
    if (!isAscii(bytes)) {
      const first = bytes.findIndex((byte) => byte > 127);
      if (encoding === undefined) {
        encoding = utf8CharacterLength(bytes, first) > 0 ? 'utf-8' : 'windows-1252';
        if (encoding === 'windows-1252') {
          onGuessedWindows1252();
          guess = new LikelyWindows1252(previous);
        }
      }
      firstBeyondAscii ??= offset + first;
      const other = given === 'windows-1252' ? -1 : indexOfOther(bytes, encoding);
      if (encoding !== 'utf-8') text = await decodeWindows1252(bytes, offset, onError);
      if (other !== -1) {
        const before = encoding === 'utf-8' ? other : Buffer.byteLength(text.toString().slice(0, other));
        const kind = firstBeyondAscii === offset + before ? 'invalid_text' : 'mixed_encodings';
        onError(new CsvSyntaxError(kind, offset + before, {encoding, otherOffset: firstBeyondAscii}));
      }
    }
    const unlikely = guess?.find(text);
    if (unlikely !== undefined) onError(new CsvSyntaxError('unknown_encoding', offset + unlikely));
    offset += text.length;
    previous = bytes;
    yield text;
  }
}

async function decodeWindows1252(
  bytes: Buffer,
  offset: number,
  onError: DecodeEvents['onError'],
): Promise<Buffer> {
  const text = (await loadIconv()).decode(bytes, 'windows-1252');
  // What iconv-lite writes for the five bytes that windows-1252 does not have.
  const at = text.indexOf('\ufffd');
  const encoding = 'windows-1252';
  if (at !== -1) {
    onError(new CsvSyntaxError('invalid_text', offset + Buffer.byteLength(text.slice(0, at)), {encoding}));
  }
  return Buffer.from(text);
}

/** The tables take longer to load than a small file to read, and most files are UTF-8. */
async function loadIconv() {
  return (await import('iconv-lite')).default;
}

/** The same bytes, cut so that no character of UTF-8 is divided. */
async function* wholeCharacters(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = endOfWholeCharacters(bytes);
    rest = bytes.subarray(end);
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield rest;
}

function endOfWholeCharacters(bytes: Buffer): number {
  for (let start = bytes.length - 1; start >= Math.max(0, bytes.length - 3); start--) {
    const byte = bytes[start] ?? 0;
    const continues = (byte & 0xc0) === 0x80;
    if (!continues) return start + announcedLength(byte) > bytes.length ? start : bytes.length;
  }
  return bytes.length;
}

/** How many bytes a UTF-8 character has that starts with this one; 1 for a byte that starts none. */
function announcedLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** The length of the valid UTF-8 character at an offset; 0 if there is none. */
function utf8CharacterLength(bytes: Buffer, at: number): number {
  const end = at + announcedLength(bytes[at] ?? 0);
  return end <= bytes.length && isUtf8(bytes.subarray(at, end)) ? end - at : 0;
}

/** The first character that is not written in this encoding: no UTF-8, or several bytes that can hardly be anything else. */
function indexOfOther(bytes: Buffer, encoding: 'utf-8' | 'windows-1252'): number {
  if (encoding === 'utf-8' && isUtf8(bytes)) return -1;
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 128) continue;
    const length = utf8CharacterLength(bytes, at);
    if (length > 0 !== (encoding === 'utf-8')) return at;
    if (length > 0) at += length - 1;
  }
  return -1;
}

async function* decodeUtf16(
  chunks: AsyncIterable<Buffer>,
  encoding: 'utf-16le' | 'utf-16be',
  {onError}: DecodeEvents,
): AsyncGenerator<Buffer> {
  const decoder = (await loadIconv()).getDecoder(encoding, {stripBOM: false});
  let offset = 0;
  let bytesRead = 0;
  /** The first half of a surrogate pair, whose second half may be in the next chunk. */
  let half = '';
  const encode = (text: string): Buffer => {
    const at = text.search(/\p{Surrogate}/u);
    if (at !== -1) {
      onError(new CsvSyntaxError('invalid_text', offset + Buffer.byteLength(text.slice(0, at)), {encoding}));
    }
    const bytes = Buffer.from(text);
    offset += bytes.length;
    return bytes;
  };
  for await (const chunk of chunks) {
    bytesRead += chunk.length;
    const text = half + decoder.write(chunk);
    half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    yield encode(half === '' ? text : text.slice(0, -1));
  }
  yield encode(half + (decoder.end() ?? ''));
  if (bytesRead % 2 === 1) onError(new CsvSyntaxError('invalid_text', offset, {encoding}));
}
