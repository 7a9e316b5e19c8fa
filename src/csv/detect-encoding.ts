import {UsageError} from '../errors.ts';
import type {ByteFacts} from './examine-bytes.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DetectedEncoding {
  readonly encoding: Encoding;
  /** Neither the user nor the file says so. */
  readonly guessed: boolean;
}

const NAMES: Readonly<Record<string, Encoding | 'utf-16'>> = {
  utf8: 'utf-8',
  utf8bom: 'utf-8',
  ascii: 'utf-8',
  utf16: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  windows1252: 'windows-1252',
  cp1252: 'windows-1252',
  // What is called latin1 is windows-1252 in practice, as the web's own encoding standard has it.
  latin1: 'windows-1252',
  iso88591: 'windows-1252',
};

/** @throws {UsageError} for a name that is not known. */
function named(name: string): Encoding | 'utf-16' {
  const encoding = NAMES[name.toLowerCase().replaceAll(/[-_ ]/g, '')];
  if (encoding !== undefined) return encoding;
  throw new UsageError(`the encoding ${name} is not known`, {
    hint: 'give --encoding utf-8, utf-16, utf-16le, utf-16be or windows-1252',
  });
}

/**
 * The encoding of a file, from the option, its first bytes and what is known of all of them. UTF-8 is the answer for
 * text that is UTF-8 at least up to its first damage: such damage is an error to report, not a reason to read every
 * accent of the file wrongly.
 *
 * @throws {UsageError} for an option that names no known encoding.
 */
export function detectEncoding(
  start: Buffer,
  facts: ByteFacts,
  option: string | undefined,
): DetectedEncoding {
  const asked = option === undefined ? undefined : named(option);
  if (asked !== undefined && asked !== 'utf-16') return {encoding: asked, guessed: false};
  if (start[0] === 0xff && start[1] === 0xfe) return {encoding: 'utf-16le', guessed: false};
  if (start[0] === 0xfe && start[1] === 0xff) return {encoding: 'utf-16be', guessed: false};
  const wide = wideLayout(start);
  if (asked === 'utf-16') return {encoding: wide ?? 'utf-16le', guessed: false};
  if (wide !== undefined) return {encoding: wide, guessed: true};
  const broken = facts.notUtf8At !== undefined && !facts.utf8Accents;
  return broken ? {encoding: 'windows-1252', guessed: true} : {encoding: 'utf-8', guessed: false};
}

/** UTF-16 without a byte order mark: in a header of mostly ASCII letters every second byte is NUL. */
function wideLayout(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
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
