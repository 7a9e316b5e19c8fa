import {CsvSyntaxError} from './csv-syntax-error.ts';
import type {Encoding} from './detect-encoding.ts';

const UTF8_MARK = Buffer.from('\ufeff');

/**
 * The text of a file as UTF-8, without its byte order mark. Bytes that claim to be UTF-8 pass through unchanged.
 *
 * @param onDamage told of a NUL character, of half a UTF-16 character, or of a byte that windows-1252 does not have
 */
export async function* toUtf8(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
  onDamage: (damage: CsvSyntaxError) => void,
): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const bytes of encoding === 'utf-8'
    ? withoutMark(chunks)
    : transcode(chunks, encoding, onDamage)) {
    const nul = bytes.indexOf(0);
    if (nul !== -1) onDamage(new CsvSyntaxError('nul_byte', offset + nul));
    offset += bytes.length;
    yield bytes;
  }
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    const marked = first && chunk.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
    first = false;
    yield marked ? chunk.subarray(UTF8_MARK.length) : chunk;
  }
}

async function* transcode(
  chunks: AsyncIterable<Buffer>,
  encoding: Exclude<Encoding, 'utf-8'>,
  onDamage: (damage: CsvSyntaxError) => void,
): AsyncGenerator<Buffer> {
  // Its tables take longer to load than a small file to read, and most files are UTF-8.
  const {default: iconv} = await import('iconv-lite');
  const decoder = iconv.getDecoder(encoding);
  // iconv-lite writes U+FFFD for a byte without meaning in windows-1252; in UTF-16 that is a character like others,
  // and what has no meaning is half of a surrogate pair.
  const damaged = encoding === 'windows-1252' ? /\ufffd/u : /\p{Surrogate}/u;
  let offset = 0;
  let bytesRead = 0;
  let half = '';

  const encode = (text: string): Buffer => {
    const at = text.search(damaged);
    if (at !== -1)
      onDamage(new CsvSyntaxError('invalid_text', offset + Buffer.byteLength(text.slice(0, at))));
    const bytes = Buffer.from(text);
    offset += bytes.length;
    return bytes;
  };

  for await (const chunk of chunks) {
    bytesRead += chunk.length;
    const text = half + decoder.write(chunk);
    // The second half of a surrogate pair may be in the next chunk.
    half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    yield encode(half === '' ? text : text.slice(0, -1));
  }
  yield encode(half + (decoder.end() ?? ''));
  const cutOff = encoding !== 'windows-1252' && bytesRead % 2 === 1;
  if (cutOff) onDamage(new CsvSyntaxError('invalid_text', offset));
}
