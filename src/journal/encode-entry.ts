import {crc32} from 'node:zlib';
import {InputError} from '../errors.ts';
import type {StampedEntry} from './entry.ts';

/**
 * One line of the journal: the entry's JSON with its CRC-32 as the last member, `…,"c":"1f2e3d4c"}` and a line
 * feed. So the file is plain NDJSON and every line proves itself. The checksum covers the bytes before `,"c":`.
 */
export function encodeEntry(entry: StampedEntry): string {
  const body = JSON.stringify(entry).slice(0, -1);
  return `${body},"c":"${crc32(body).toString(16).padStart(8, '0')}"}\n`;
}

const tail = Buffer.from(',"c":"00000000"}');
const firstDigit = tail.indexOf('0');
const hexDigits = Buffer.from('0123456789abcdef');

/** The entry of one line (without its line feed), from `start` to `end`, or undefined when the line is damaged. */
export function decodeEntry(bytes: Buffer, start = 0, end = bytes.length): StampedEntry | undefined {
  const bodyEnd = end - tail.length;
  if (bodyEnd < start || !hasTail(bytes, start, bodyEnd)) return undefined;
  const entry = JSON.parse(bodyOf(bytes, start, bodyEnd)) as StampedEntry;
  if (entry.k === 'header' && entry.v !== 1) {
    throw new InputError(`this journal has version ${String(entry.v)}; this program reads version 1`, {
      code: 'journal_version',
      hint: 'use the version of the program that wrote it',
    });
  }
  return entry;
}

/** The entry without its checksum. The brace is put into the bytes for a moment: joining it to the text copies the text. */
function bodyOf(bytes: Buffer, start: number, end: number): string {
  const comma = bytes[end] as number;
  bytes[end] = brace;
  const body = bytes.toString('utf8', start, end + 1);
  bytes[end] = comma;
  return body;
}

const brace = 125;

/** Byte by byte: making the checksum's text for each of a million lines costs as much as reading them. */
function hasTail(bytes: Buffer, start: number, end: number): boolean {
  const checksum = crc32(bytes.subarray(start, end));
  for (let at = 0; at < tail.length; at++) {
    const digit = at - firstDigit;
    const wanted = digit >= 0 && digit < 8 ? hexDigits[(checksum >>> (28 - 4 * digit)) & 15] : tail[at];
    if (bytes[end + at] !== wanted) return false;
  }
  return true;
}
