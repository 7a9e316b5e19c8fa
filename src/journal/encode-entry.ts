import {crc32} from 'node:zlib';
import {InputError} from '../errors.ts';
import type {StampedEntry} from './entry.ts';
import {isEntry} from './is-entry.ts';

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

/**
 * The entry of one line (without its line feed), or undefined when the line is damaged.
 *
 * @throws InputError (exit 65) for a whole line that this version does not write
 */
export function decodeEntry(line: Buffer): StampedEntry | undefined {
  const body = line.subarray(0, Math.max(0, line.length - checksumLength));
  if (line.toString('latin1', body.length) !== checksumOf(body)) return undefined;
  const entry = parsed(`${body.toString()}}`);
  if (isEntry(entry)) return entry;
  throw new InputError(`this journal has a line that this program does not write${versionOf(entry)}`, {
    code: 'journal_version',
    hint: 'use the version of the program that wrote it; bulk42 --version shows this one',
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function versionOf(entry: unknown): string {
  const {k, v} = (entry ?? {}) as {k?: unknown; v?: unknown};
  return k === 'header' && typeof v === 'number' && v !== 1
    ? `: it has version ${v}, and this one reads version 1`
    : '';
}

function checksumOf(body: string | Buffer): string {
  return `,"c":"${crc32(body).toString(16).padStart(8, '0')}"}`;
}

/** Ends each line of the journal. */
export const lineFeed = 10;
