import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {exactCsv} from '../../src/csv/write-rows.ts';
import {Bulk42Error} from '../../src/errors.ts';
import {CASES, readTable} from './read-table.ts';

let path: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
  path = join(folder, 'table.csv');
});
afterAll(() => rm(folder, {recursive: true}));

const letters = ['a', 'é', '€', 'Z', 'œ', '7'];
const special = [...letters, '"', ',', ';', '\t', '|', ' ', '=', "'", '\r', '\n', '\r\n', 'ÿ', '’'];
/** Characters that windows-1252 has too. */
const westernCell = fc.string({unit: fc.constantFrom(...special), maxLength: 8});
const anyCell = fc
  .oneof(
    westernCell,
    fc.string({unit: 'binary', maxLength: 8}),
    fc.constantFrom('', '😀', '\ufeff', '\ufffd'),
  )
  .filter((cell) => !cell.includes('\0'));
const name = fc.string({unit: fc.constantFrom(...letters, ' ', '_', '.'), minLength: 1, maxLength: 8});

interface Content {
  header: string[];
  rows: string[][];
}

/** Rows that are not blank, since blank ones are skipped, under a header of the same width. */
function contentOf(cell: fc.Arbitrary<string>, minColumns = 1): fc.Arbitrary<Content> {
  return fc.integer({min: minColumns, max: 5}).chain((width) => {
    const row = fc
      .array(cell, {minLength: width, maxLength: width})
      .filter((cells) => cells.some((text) => text.trim() !== '') || (width === 1 && cells[0] === ''));
    const header = fc
      .array(name, {minLength: width, maxLength: width})
      .filter((names) => names.at(-1)?.trim() !== '');
    return fc
      .record({header, rows: fc.array(row, {maxLength: 6})})
      .filter((content) => !content.rows.some((cells) => isLikeHeader(cells, content.header)));
  });
}

/** A row of names is refused as a second header. */
function isLikeHeader(cells: readonly string[], header: readonly string[]): boolean {
  const names = new Set(header.map((text) => text.trim().toLowerCase()));
  return cells.some((cell) => cell.trim() !== '' && names.has(cell.trim().toLowerCase()));
}

interface Dialect {
  delimiter: ',' | ';' | '\t' | '|';
  lineEnd: '\n' | '\r\n' | '\r';
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  bom: boolean;
  quoteAll: boolean;
  finalLineEnd: boolean;
}

const dialects: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const),
  lineEnd: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
  encoding: fc.constantFrom(
    'utf-8' as const,
    'utf-16le' as const,
    'utf-16be' as const,
    'windows-1252' as const,
  ),
  bom: fc.boolean(),
  quoteAll: fc.boolean(),
  finalLineEnd: fc.boolean(),
});

function written({header, rows}: Content, dialect: Dialect): Buffer {
  const mustQuote = (cell: string): boolean => dialect.quoteAll || cell === '' || /[",;|\t\r\n]/.test(cell);
  const write = (cell: string): string => (mustQuote(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const text = [header, ...rows]
    .map((cells) => cells.map(write).join(dialect.delimiter))
    .join(dialect.lineEnd);
  const bom = dialect.bom || dialect.encoding.startsWith('utf-16');
  return iconv.encode(text + (dialect.finalLineEnd ? dialect.lineEnd : ''), dialect.encoding, {addBOM: bom});
}

test('a table in any dialect, named or found out, is read as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(contentOf(westernCell, 2), dialects, fc.boolean(), async (content, dialect, named) => {
      await writeFile(path, written(content, dialect));
      // Few accents can be valid UTF-8 by chance: windows-1252 is sure only when named.
      const {encoding, delimiter} = dialect;
      const western = encoding === 'windows-1252' ? {encoding} : {};
      const table = await readTable(path, named ? {encoding, delimiter} : western);
      expect(table.header).toEqual(content.header);
      expect(table.cells).toEqual(content.rows);
    }),
    {numRuns: CASES},
  );
});

test('each row carries the line on which it starts', async () => {
  const breaks = fc.array(fc.constantFrom('\n', '\r\n', '\r', '  \n', ',,\r\n'), {maxLength: 3});
  const cell = fc.string({unit: fc.constantFrom('a', '\r\n', '\n', ' '), minLength: 1, maxLength: 5});
  const record = fc.tuple(breaks, fc.constantFrom('\n', '\r\n'), cell);
  await fc.assert(
    fc.asyncProperty(fc.array(record, {maxLength: 8}), async (records) => {
      let text = 'id,note\n';
      const lines: number[] = [];
      for (const [blank, end, note] of records) {
        text += blank.join('');
        lines.push(text.split(/\r\n|\n|\r/).length);
        text += `x,"${note}"${end}`;
      }
      await writeFile(path, text);
      expect((await readTable(path)).lines).toEqual(lines);
    }),
    {numRuns: CASES},
  );
});

test('rows written exactly are read back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(contentOf(anyCell), fc.boolean(), async ({header, rows}, bom) => {
      await writeFile(path, (bom ? '\ufeff' : '') + exactCsv([header, ...rows]));
      const table = await readTable(path);
      expect(table.header).toEqual(header);
      expect(table.cells).toEqual(rows);
    }),
    {numRuns: CASES},
  );
});

test('RFC 4180 is read as csv-parse reads it', async () => {
  const lineEnds = fc.constantFrom('\n' as const, '\r\n' as const);
  await fc.assert(
    fc.asyncProperty(contentOf(anyCell, 2), lineEnds, fc.boolean(), async (content, lineEnd, quoteAll) => {
      const text = written(content, {
        delimiter: ',',
        lineEnd,
        encoding: 'utf-8',
        bom: false,
        quoteAll,
        finalLineEnd: true,
      });
      await writeFile(path, text);
      const table = await readTable(path, {delimiter: ','});
      const records = parse(text, {record_delimiter: lineEnd, relax_column_count: true});
      expect([table.header, ...table.cells]).toEqual(records);
    }),
    {numRuns: CASES},
  );
});

const nasty = [
  '"',
  '""',
  ',',
  ';',
  '\r',
  '\n',
  '\u2028',
  '\ufeff',
  '\0',
  '\xff',
  '\xc3',
  '__proto__',
  ',,,,',
  'sep=|\n',
];

test('a file that was tampered with is read or refused with its line, and never crashes', async () => {
  const tampering = fc.array(
    fc.record({at: fc.nat(200), remove: fc.nat(3), insert: fc.constantFrom('', ...nasty)}),
    {minLength: 1, maxLength: 4},
  );
  await fc.assert(
    fc.asyncProperty(contentOf(westernCell), dialects, tampering, async (content, dialect, changes) => {
      let bytes = written(content, dialect);
      for (const {at, remove, insert} of changes) {
        const start = at % (bytes.length + 1);
        bytes = Buffer.concat([
          bytes.subarray(0, start),
          Buffer.from(insert, 'latin1'),
          bytes.subarray(start + remove),
        ]);
      }
      await readOrRefuse(bytes);
    }),
    {numRuns: CASES},
  );
});

test('random bytes are read or refused with their line, and never crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({maxLength: 400}), (bytes) => readOrRefuse(Buffer.from(bytes))),
    {numRuns: CASES},
  );
});

async function readOrRefuse(bytes: Buffer): Promise<void> {
  await writeFile(path, bytes);
  try {
    const table = await readTable(path);
    for (const row of table.rows)
      if (row.problem === undefined) expect(row.cells.length).toBe(table.header.length);
    const sound = table.rows.filter((row) => row.problem === undefined).map((row) => row.cells);
    await writeFile(path, exactCsv([table.header, ...sound]));
    const again = await readTable(path);
    expect([again.header, ...again.cells]).toEqual([table.header, ...sound]);
  } catch (error) {
    if (!(error instanceof Bulk42Error)) throw error;
    expect(error.exitCode).toBe(65);
    if (error.code !== 'empty_file' && error.code !== 'not_csv') expect(error.message).toMatch(/^line \d+/);
  }
}
