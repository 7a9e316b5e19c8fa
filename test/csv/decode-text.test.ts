import {isUtf8} from 'node:buffer';
import {Readable} from 'node:stream';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import {describe, expect, test} from 'vitest';
import type {CsvSyntaxError} from '../../src/csv/csv-syntax-error.ts';
import {decodeText} from '../../src/csv/decode-text.ts';
import type {Encoding} from '../../src/csv/detect-encoding.ts';
import {CASES} from './read-table.ts';

interface Decoded {
  text: string;
  errors: CsvSyntaxError[];
  isGuessed: boolean;
}

async function decode(bytes: Buffer, size: number, encoding?: Encoding): Promise<Decoded> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  const decoded: Decoded = {text: '', errors: [], isGuessed: false};
  const text: Buffer[] = [];
  const events = {
    onError: (error: CsvSyntaxError) => decoded.errors.push(error),
    onGuessedWindows1252: () => {
      decoded.isGuessed = true;
    },
  };
  for await (const piece of decodeText(Readable.from(chunks), encoding, events)) text.push(piece);
  return {...decoded, text: Buffer.concat(text).toString()};
}

const size = fc.integer({min: 1, max: 7});
const ascii = fc.string({unit: fc.constantFrom('a', ',', '\n', '"')});

describe('decodeText', () => {
  test('passes UTF-8 through, wherever the chunks end', async () => {
    const text = fc.string({unit: fc.constantFrom('a', '\n', 'é', '€', '😀')});
    await fc.assert(
      fc.asyncProperty(text, size, async (written, chunk) => {
        expect(await decode(Buffer.from(written), chunk)).toEqual({
          text: written,
          errors: [],
          isGuessed: false,
        });
      }),
      {numRuns: CASES},
    );
  });

  test('takes windows-1252 from its first accent on, wherever the chunks end', async () => {
    // Letters alone: a symbol behind one can be UTF-8 by chance.
    const text = fc.string({unit: fc.constantFrom('a', '\n', 'é', 'ç', 'ñ', 'Ü')});
    await fc.assert(
      fc.asyncProperty(ascii, text, size, async (before, after, chunk) => {
        const written = before + after;
        const {text: read, errors} = await decode(iconv.encode(written, 'windows-1252'), chunk);
        expect({read, errors}).toEqual({read: written, errors: []});
      }),
      {numRuns: CASES},
    );
  });

  test('names the first byte that is no UTF-8, wherever the chunks end', async () => {
    const noise = fc.constantFrom(
      ...['ff', 'c3', 'e282', 'f09f98', '80', 'eda080', 'c0af'].map((hex) => Buffer.from(hex, 'hex')),
    );
    await fc.assert(
      fc.asyncProperty(ascii, noise, ascii, size, async (before, bad, after, chunk) => {
        const start = Buffer.from(`${before}é${before}`);
        const bytes = Buffer.concat([start, bad, Buffer.from(after)]);
        expect(isUtf8(bytes)).toBe(false);
        const {errors} = await decode(bytes, chunk);
        expect(errors[0]).toMatchObject({
          kind: 'mixed_encodings',
          offset: start.length,
          place: {encoding: 'utf-8', otherOffset: before.length},
        });
      }),
      {numRuns: CASES},
    );
  });

  test('names the first character that is UTF-8 behind windows-1252, wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(ascii, size, async (between, chunk) => {
        const bytes = Buffer.concat([Buffer.from(`a\xe9,${between}`, 'latin1'), Buffer.from('é\n')]);
        const {errors} = await decode(bytes, chunk);
        expect(errors[0]).toMatchObject({
          kind: 'mixed_encodings',
          offset: 4 + between.length,
          place: {encoding: 'windows-1252', otherOffset: 1},
        });
      }),
      {numRuns: CASES},
    );
  });

  const names = ['Zoé', 'André', 'Côté', 'Jérôme', 'Aimée', 'Noël', 'ÉRIC et José', 'Bjørn Åsé', 'Hélène'];

  test.each(['macintosh', 'cp850', 'cp437'])(
    'does not take %s, which Excel saves too, for windows-1252',
    async (other) => {
      for (const name of names) {
        const bytes = iconv.encode(`name\nAnne\n${name};1\n`, other);
        for (const chunk of [1, 2, 64]) {
          const {errors} = await decode(bytes, chunk);
          expect({name, kind: errors[0]?.kind}).toEqual({
            name,
            kind: expect.toBeOneOf(['unknown_encoding', 'invalid_text']),
          });
        }
      }
    },
  );

  test.each([
    ...names,
    'l’été',
    'cœur',
    'Œuvre',
    'Škoda',
    'Žižkov',
    'Košice',
    '“Zoé”',
    '‚Zoé‘',
    'wait… no',
    '5 €',
    'Paris–Brest',
    'Excel™ 5',
    'KOŠICE',
    'Zoé (¡ole!)',
    'Ÿ',
  ])('takes %j of windows-1252 as it is', async (name) => {
    const {text, errors} = await decode(iconv.encode(`a\n${name}\n`, 'windows-1252'), 64);
    expect({text, errors}).toEqual({text: `a\n${name}\n`, errors: []});
  });

  test('believes an option', async () => {
    const bytes = iconv.encode('Zo‚', 'windows-1252');
    expect(await decode(bytes, 64, 'windows-1252')).toMatchObject({text: 'Zo‚', errors: []});
  });

  test.each(['utf-8', 'utf-16le', 'utf-16be', undefined] as const)(
    'leaves out every byte order mark at the beginning of %s',
    async (encoding) => {
      const bytes = iconv.encode('\ufeff\ufeffa\ufeff', encoding ?? 'utf-8', {addBOM: false});
      expect((await decode(bytes, 64, encoding)).text).toBe('a\ufeff');
    },
  );
});
