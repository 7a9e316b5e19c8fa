import {isUtf8} from 'node:buffer';
import {Readable} from 'node:stream';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {detectEncoding} from '../../src/csv/detect-encoding.ts';
import {examineBytes} from '../../src/csv/examine-bytes.ts';
import {CASES} from './read-table.ts';

const ascii = {
  sha256: '',
  notUtf8At: undefined,
  utf8Accents: false,
  marks: {carriageReturn: false, quote: false},
  lineFeeds: 1,
};
const text = Buffer.from('login,points\n');

describe('detectEncoding', () => {
  test.each([
    ['utf8', 'utf-8'],
    ['UTF-8', 'utf-8'],
    ['utf_16le', 'utf-16le'],
    ['UTF-16BE', 'utf-16be'],
    ['utf-16', 'utf-16le'],
    ['Windows-1252', 'windows-1252'],
    ['cp1252', 'windows-1252'],
    ['latin1', 'windows-1252'],
    ['ISO-8859-1', 'windows-1252'],
  ])('the option %s is %s', (option, encoding) => {
    expect(detectEncoding(text, ascii, option)).toEqual({encoding, guessed: false});
  });

  test('utf-16 leaves the order of bytes to the file', () => {
    expect(detectEncoding(Buffer.from([0xfe, 0xff, 0, 97]), ascii, 'utf-16').encoding).toBe('utf-16be');
    expect(detectEncoding(Buffer.from([0, 97, 0, 98]), ascii, 'utf-16').encoding).toBe('utf-16be');
  });

  test('bytes that are no UTF-8 make windows-1252 only where nothing else is UTF-8', () => {
    const broken = {...ascii, notUtf8At: 70};
    expect(detectEncoding(text, broken, undefined)).toEqual({encoding: 'windows-1252', guessed: true});
    const damaged = {...broken, utf8Accents: true};
    expect(detectEncoding(text, damaged, undefined)).toEqual({encoding: 'utf-8', guessed: false});
  });

  test('NUL bytes on both sides are no UTF-16', () => {
    expect(detectEncoding(Buffer.alloc(200), ascii, undefined).encoding).toBe('utf-8');
  });
});

describe('examineBytes', () => {
  test('finds the first byte that is no UTF-8, wherever the chunks end', async () => {
    const unit = fc.constantFrom(
      ...['a', '\n', '\r', '"', 'é', '€', '😀'].map((character) => Buffer.from(character)),
    );
    const noise = fc.constantFrom(
      ...['ff', 'c3', 'e282', 'f09f98', '80', 'eda080', 'c0af'].map((hex) => Buffer.from(hex, 'hex')),
    );
    const input = fc.tuple(fc.array(unit), fc.option(noise), fc.array(fc.constantFrom('a', '\n')));
    await fc.assert(
      fc.asyncProperty(input, fc.integer({min: 1, max: 7}), async ([before, bad, after], size) => {
        const sound = Buffer.concat(before);
        const bytes = Buffer.concat([sound, bad ?? Buffer.alloc(0), Buffer.from(after.join(''))]);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const facts = await examineBytes(Readable.from(chunks));
        expect(facts.notUtf8At).toBe(isUtf8(bytes) ? undefined : sound.length);
        expect(facts.utf8Accents).toBe(sound.some((byte) => byte > 127));
        expect(facts.lineFeeds).toBe(bytes.filter((byte) => byte === 10).length);
        expect(facts.marks).toEqual({carriageReturn: bytes.includes('\r'), quote: bytes.includes('"')});
      }),
      {numRuns: CASES},
    );
  });
});
