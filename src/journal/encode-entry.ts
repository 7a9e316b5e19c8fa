import {crc32} from 'node:zlib';
import {InputError} from '../errors.ts';
import type {StampedEntry} from './entry.ts';

/**
 * One line of the journal: the entry's JSON with its CRC-32 as the last member, `…,"c":"1f2e3d4c"}` and a line
 * feed. So the file is plain NDJSON and every line proves itself. The checksum covers the bytes before `,"c":`.
 */
export function encodeEntry(entry: StampedEntry): string {
  const body = JSON.stringify(entry).slice(0, -1);
  return `${body}${checksumOf(body)}\n`;
}

/** `,"c":"00000000"}` */
const checksumLength = 16;

/** The entry of one line (without its line feed), or undefined when the line is damaged. */
export function decodeEntry(line: Buffer): StampedEntry | undefined {
  const body = line.subarray(0, Math.max(0, line.length - checksumLength));
  if (line.toString('latin1', body.length) !== checksumOf(body)) return undefined;
  const entry = JSON.parse(`${body.toString()}}`) as StampedEntry;
  if (entry.k === 'header' && entry.v !== 1) {
    throw new InputError(`this journal has version ${String(entry.v)}; this program reads version 1`, {
      code: 'journal_version',
      hint: 'use the version of the program that wrote it',
    });
  }
  return entry;
}

function checksumOf(body: string | Buffer): string {
  return `,"c":"${crc32(body).toString(16).padStart(8, '0')}"}`;
}

/** Ends each line of the journal. */
export const lineFeed = 10;
