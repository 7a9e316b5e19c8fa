import {isAscii, isUtf8} from 'node:buffer';
import {createHash} from 'node:crypto';

export interface ByteFacts {
  readonly sha256: string;
  /** Offset of the first byte that cannot be UTF-8; undefined when all of it can. */
  readonly notUtf8At: number | undefined;
  /** Are there characters beyond ASCII, correctly written in UTF-8, before that byte? */
  readonly utf8Accents: boolean;
  readonly marks: Marks;
  /** Bytes 10: lines, in nearly every file. */
  readonly lineFeeds: number;
}

/** Bytes that the file holds somewhere: without them it has no such character, in any encoding. */
export interface Marks {
  readonly carriageReturn: boolean;
  readonly quote: boolean;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;

/** One pass over all bytes: their hash, whether they are UTF-8, and which marks of CSV they can hold. */
export async function examineBytes(chunks: AsyncIterable<Buffer>): Promise<ByteFacts> {
  const hash = createHash('sha256');
  let notUtf8At: number | undefined;
  let utf8Accents = false;
  let lineFeeds = 0;
  const marks = {carriageReturn: false, quote: false};
  let offset = 0;
  let cut: Buffer = Buffer.alloc(0);

  const examine = (piece: Buffer): void => {
    const valid = isUtf8(piece) ? piece.length : validLength(piece);
    utf8Accents ||= !isAscii(piece.subarray(0, valid));
    if (valid < piece.length) notUtf8At = offset + valid;
    offset += piece.length;
  };

  for await (const chunk of chunks) {
    hash.update(chunk);
    marks.carriageReturn ||= chunk.includes(CARRIAGE_RETURN);
    marks.quote ||= chunk.includes(QUOTE);
    lineFeeds += countOf(LINE_FEED, chunk);
    if (notUtf8At !== undefined) continue;
    const piece = cut.length === 0 ? chunk : Buffer.concat([cut, chunk]);
    const whole = lengthWithoutCutCharacter(piece);
    cut = piece.subarray(whole);
    examine(piece.subarray(0, whole));
  }
  if (notUtf8At === undefined) examine(cut);
  return {sha256: hash.digest('hex'), notUtf8At, utf8Accents, marks, lineFeeds};
}

function countOf(byte: number, chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(byte); at !== -1; at = chunk.indexOf(byte, at + 1)) count++;
  return count;
}

/** How many bytes the character has that starts with this one; 1 for a byte that starts none. */
function characterLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function lengthWithoutCutCharacter(piece: Buffer): number {
  for (let start = piece.length - 1; start >= Math.max(0, piece.length - 3); start--) {
    const byte = piece[start] ?? 0;
    const continues = (byte & 0xc0) === 0x80;
    if (!continues) return start + characterLength(byte) > piece.length ? start : piece.length;
  }
  return piece.length;
}

function validLength(piece: Buffer): number {
  let at = 0;
  while (at < piece.length) {
    const end = at + characterLength(piece[at] ?? 0);
    if (end > piece.length || !isUtf8(piece.subarray(at, end))) return at;
    at = end;
  }
  return at;
}
