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

/** The entry of one line (without its line feed), or undefined when the line is damaged. */
export function decodeEntry(line: Buffer): StampedEntry | undefined {
  const end = line.length - tail.length;
  if (end < 0 || !hasTail(line, end)) return undefined;
  const entry = JSON.parse(bodyOf(line, end)) as StampedEntry;
  if (entry.k === 'header' && entry.v !== 1) {
    throw new InputError(`this journal has version ${String(entry.v)}; this program reads version 1`, {
      code: 'journal_version',
      hint: 'use the version of the program that wrote it',
    });
  }
  return entry;
}

/** The entry without its checksum. The brace is put into the bytes for a moment: joining it to the text copies the text. */
function bodyOf(line: Buffer, end: number): string {
  const comma = line[end] as number;
  line[end] = brace;
  const body = line.toString('utf8', 0, end + 1);
  line[end] = comma;
  return body;
}

const brace = 125;

/** Byte by byte: making the checksum's text for each of a million lines costs as much as reading them. */
function hasTail(line: Buffer, end: number): boolean {
  const checksum = crc32(line.subarray(0, end));
  for (let at = 0; at < tail.length; at++) {
    const digit = at - firstDigit;
    const wanted = digit >= 0 && digit < 8 ? hexDigits[(checksum >>> (28 - 4 * digit)) & 15] : tail[at];
    if (line[end + at] !== wanted) return false;
  }
  return true;
}
