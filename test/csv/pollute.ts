/** Numbers of one seed, the same each time (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** A CSV file as it is written: each row as its cells, quotes included. The header is the first row. */
export interface CsvText {
  delimiter: string;
  /** Behind each row. */
  ends: string[];
  rows: string[][];
}

/** What a kind of pollution makes of a file, and the lines of which one has to be named where that is refused. */
interface Polluted {
  text: string | Buffer;
  lines: number[] | 'any';
}

type Pollution = (file: CsvText, random: Random) => Polluted | undefined;

/** The kinds of damage that CSV files have in the wild, as Pollock (Vitagliano et al., VLDB 2023) sorts them. */
export const pollutions: Readonly<Record<string, Pollution>> = {
  'one delimiter more in a row': (file, random) =>
    inRow(file, random, (cells) => {
      const at = random.below(cells.length + 1);
      return [...cells.slice(0, at), '', ...cells.slice(at)];
    }),
  'one delimiter fewer in a row': (file, random) =>
    inRow(file, random, (cells) => {
      const at = random.below(cells.length - 1);
      return [...cells.slice(0, at), `${cells[at]}${cells[at + 1]}`, ...cells.slice(at + 2)];
    }),
  'one quote more in a row': (file, random) =>
    inText(file, random, (row) => insert(row, random.below(row.length + 1), '"')),
  'one quote fewer in a row': (file, random) =>
    inText(file, random, (row) => {
      const quotes = [...row.matchAll(/"/g)].map(({index}) => index);
      if (quotes.length === 0) return undefined;
      const at = random.of(quotes);
      return row.slice(0, at) + row.slice(at + 1);
    }),
  'the delimiter of one row is another': (file, random) =>
    inText(file, random, (_, cells) =>
      cells.join(random.of([',', ';', '\t', '|'].filter((other) => other !== file.delimiter))),
    ),
  'the quotes of one row are apostrophes': (file, random) =>
    inText(file, random, (row, cells) =>
      cells.some((cell) => cell.startsWith('"') && cell.includes(file.delimiter))
        ? row.replaceAll('"', "'")
        : undefined,
    ),
  'quotes are escaped by a backslash': (file, random) =>
    inText(file, random, (row) =>
      /[^,;\t|]""[^,;\t|]/.test(row) ? row.replaceAll(/(?<=[^,;\t|])""(?=[^,;\t|])/g, '\\"') : undefined,
    ),
  'a space before a quoted cell': (file, random) =>
    inText(file, random, (_, cells) =>
      cells.some((cell) => cell.startsWith('"'))
        ? cells.map((cell) => cell.replace(/^"/, ' "')).join(file.delimiter)
        : undefined,
    ),
  'another line end in one row': (file, random) => {
    const ends = [...file.ends];
    ends[random.below(ends.length)] = random.of(['\r', '\n', '\r\n', '\n\n', '\r\n \r\n']);
    return {text: textOf({...file, ends}), lines: []};
  },
  'other line ends in all rows': (file, random) => {
    const end = random.of(['\r', '\n', '\r\n']);
    return {text: textOf({...file, ends: file.ends.map(() => end)}), lines: []};
  },
  'a row cut in two': (file, random) =>
    inText(
      file,
      random,
      (row) => (row.includes('"') ? undefined : insert(row, 1 + random.below(row.length - 1), '\n')),
      1,
    ),
  'two rows in one line': (file, random) => {
    const at = random.below(file.rows.length - 1);
    const ends = file.ends.map((end, row) => (row === at ? '' : end));
    return {text: textOf({...file, ends}), lines: linesOf(file, at, at + 1)};
  },
  'a preamble': (file, random) => {
    const lines = random.of([
      ['Export of 23 November'],
      ['Export', ''],
      [`Campus${file.delimiter}Paris`, ''],
      ['# comment'],
      [file.delimiter, 'x'],
    ]);
    return {text: `${lines.map((line) => `${line}\n`).join('')}${textOf(file)}`, lines: [1, 2]};
  },
  'a footer': (file, random) => {
    const width = file.rows[0]?.length ?? 0;
    const footer = random.of([
      'Total: 12',
      `Total${file.delimiter}12`,
      `Total 12${file.delimiter.repeat(width - 1)}`,
      '-- end --',
      `${file.delimiter}12`,
    ]);
    const text = textOf(file);
    return {text: `${text}\n${footer}\n`, lines: [lineCount(`${text}\n`), lineCount(`${text}\n`) - 1]};
  },
  'a second header': (file, random) => {
    const at = 1 + random.below(file.rows.length);
    return insertRow(file, at, file.rows[0] ?? []);
  },
  'a second table': (file) => {
    const text = `${textOf(file)}\n`;
    const width = (file.rows[0]?.length ?? 0) + 1;
    const names = Array.from({length: width}, (_, column) => `name${column}`);
    return {text: `${text}${names.join(file.delimiter)}\n`, lines: [lineCount(text), lineCount(text) - 1]};
  },
  'no header': (file) => ({
    text: textOf({...file, rows: file.rows.slice(1), ends: file.ends.slice(1)}),
    lines: 'any',
  }),
  'a column name twice': (file, random) =>
    inHeader(file, (names) => names.with(1 + random.below(names.length - 1), names[0] ?? '')),
  'a column name missing': (file, random) =>
    inHeader(file, (names) => names.with(random.below(names.length), '')),
  'a row copied': (file, random) => {
    const from = 1 + random.below(file.rows.length - 1);
    const at = from + 1 + random.below(file.rows.length - from);
    return insertRow(file, at, file.rows[from] ?? []);
  },
  'a row in another encoding': (file, random) => {
    const at = 1 + random.below(file.rows.length - 1);
    const isLatin = random.below(2) === 0;
    const rows = file.rows.map((cells, row) =>
      Buffer.from(
        cells.join(file.delimiter) + (file.ends[row] ?? ''),
        (row === at) === isLatin ? 'latin1' : 'utf8',
      ),
    );
    return {text: Buffer.concat(rows), lines: 'any'};
  },
  'a NUL character': (file, random) =>
    inText(file, random, (row) => insert(row, random.below(row.length + 1), '\0')),
  'two byte order marks': (file) => ({text: `\ufeff\ufeff${textOf(file)}`, lines: []}),
};

export function textOf({rows, ends, delimiter}: CsvText): string {
  return rows.map((cells, row) => cells.join(delimiter) + (ends[row] ?? '')).join('');
}

const lineCount = (text: string) => text.split(/\r\n|\n|\r/).length;

/** The lines of the file on which these rows stand. */
function linesOf(file: CsvText, from: number, to = from): number[] {
  const first = lineCount(textOf({...file, rows: file.rows.slice(0, from)}));
  const last = lineCount(textOf({...file, rows: file.rows.slice(0, to + 1)}));
  return Array.from({length: last - first + 1}, (_, n) => first + n);
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

function inRow(file: CsvText, random: Random, change: (cells: string[]) => string[]): Polluted {
  const at = random.below(file.rows.length);
  return changed(file, at, change(file.rows[at] ?? []));
}

function inText(
  file: CsvText,
  random: Random,
  change: (row: string, cells: string[]) => string | undefined,
  from = 0,
): Polluted | undefined {
  const at = from + random.below(file.rows.length - from);
  const cells = file.rows[at] ?? [];
  const row = change(cells.join(file.delimiter), cells);
  return row === undefined ? undefined : changed(file, at, [row]);
}

function changed(file: CsvText, at: number, cells: string[]): Polluted {
  // Where the header is hit, all rows may be what no longer fits.
  const lines =
    at === 0 ? 'any' : [...linesOf(file, at), ...linesOf({...file, rows: file.rows.with(at, cells)}, at)];
  return {text: textOf({...file, rows: file.rows.with(at, cells)}), lines};
}

function inHeader(file: CsvText, change: (names: string[]) => string[]): Polluted {
  return {text: textOf({...file, rows: file.rows.with(0, change(file.rows[0] ?? []))}), lines: 'any'};
}

function insertRow(file: CsvText, at: number, cells: string[]): Polluted {
  const end = file.ends[0] ?? '\n';
  // The last row may have no line end.
  const ends = file.ends.map(() => end);
  const polluted = {...file, rows: file.rows.toSpliced(at, 0, cells), ends: [...ends, end]};
  return {text: textOf(polluted), lines: linesOf(polluted, at)};
}
