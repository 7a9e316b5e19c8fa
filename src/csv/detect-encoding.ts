import {UsageError} from '../errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const names: Readonly<Record<string, Encoding | 'utf-16'>> = {
  utf8: 'utf-8',
  utf8bom: 'utf-8',
  ascii: 'utf-8',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  // What is called latin1 is windows-1252 in practice, as the WHATWG encoding standard has it.
  latin1: 'windows-1252',
  iso88591: 'windows-1252',
};

/** @throws {UsageError} for a name that is not known. */
function parseEncoding(name: string): Encoding | 'utf-16' {
  const encoding = names[name.toLowerCase().replaceAll(/[-_ ]/g, '')];
  if (encoding !== undefined) return encoding;
  throw new UsageError(`the encoding ${name} is not known`, {
    hint: 'give --encoding utf-8, utf-16, utf-16le, utf-16be or windows-1252',
  });
}

/**
 * The encoding of a file, from the option and its first bytes. Undefined where these leave UTF-8 and windows-1252:
 * then the first character beyond ASCII decides.
 *
 * @throws {UsageError} for an option that names no known encoding.
 */
export function detectEncoding(start: Buffer, option: string | undefined): Encoding | undefined {
  const asked = option === undefined ? undefined : parseEncoding(option);
  if (asked !== undefined && asked !== 'utf-16') return asked;
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (hasByteOrderMark(start)) return 'utf-8';
  return utf16Layout(start) ?? (asked === 'utf-16' ? 'utf-16le' : undefined);
}

/** The mark of UTF-8. */
export function hasByteOrderMark(start: Buffer): boolean {
  return start.subarray(0, 3).equals(Buffer.from('\ufeff'));
}

/** UTF-16 without a byte order mark: in a header of mostly ASCII letters every second byte is NUL. */
function utf16Layout(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.min(start.length >> 1, 64);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (start[2 * pair] === 0) even++;
    if (start[2 * pair + 1] === 0) odd++;
  }
  if (even === 0 && odd > pairs / 2) return 'utf-16le';
  if (odd === 0 && even > pairs / 2) return 'utf-16be';
  return undefined;
}
