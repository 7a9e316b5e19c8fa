import {crc32} from 'node:zlib';
import {InputError} from '../errors.ts';
import type {StampedEntry} from './entry.ts';

/**
 * One line of the journal: the entry's JSON with its CRC-32 as the last member, `…,"c":"1f2e3d4c"}` and a line
 * feed. So the file is plain NDJSON and every line proves itself. The checksum covers the bytes before `,"c":`.
 */
export function encodeEntry(entry: StampedEntry): string {
  const body = JSON.stringify(entry).slice(0, -1);
  return `${body},"c":"${checksum(body)}"}\n`;
}

const tailLength = ',"c":"00000000"}'.length;

/** The entry of one line (without its line feed), or undefined when the line is damaged. */
export function decodeEntry(line: string): StampedEntry | undefined {
  const body = line.slice(0, -tailLength);
  if (line.slice(-tailLength) !== `,"c":"${checksum(body)}"}`) return undefined;
  const {c: _checksum, ...entry} = JSON.parse(line) as StampedEntry & {c: string};
  if (entry.k === 'header' && entry.v !== 1) {
    throw new InputError(`this journal has version ${String(entry.v)}; this program reads version 1`, {
      code: 'journal_version',
      hint: 'use the version of the program that wrote it',
    });
  }
  return entry;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
