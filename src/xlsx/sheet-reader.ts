import {type NumberFormat, numberText} from './cell-text.ts';
import {parseXml, type XmlHandlers} from './parse-xml.ts';
import {TextRun, unescape} from './text-run.ts';

/** A row of a sheet that has cells. */
export interface SheetRow {
  /** As the sheet numbers it. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly isHidden: boolean;
}

/** Rows that share one cell. */
export interface MergedRows {
  readonly range: string;
  readonly last: number;
}

/** What the cells of a sheet refer to. */
export interface CellTables {
  strings: readonly string[];
  formats: readonly NumberFormat[];
  startsIn1904: boolean;
}

const maxRows = 1_048_576;
const maxCells = 16_384;

/** Makes rows of the XML of a sheet. */
export class SheetReader implements XmlHandlers {
  readonly #pieces: AsyncIterable<string>;
  readonly #tables: CellTables;
  #rows: SheetRow[] = [];
  /** Complete when all rows were read, as is `uncalculated`. */
  readonly merged: MergedRows[] = [];
  /** The first cell with a formula whose result was not stored, such as programs write that do not calculate. */
  uncalculated: string | undefined;
  #number = 0;
  #isHidden = false;
  #cells: string[] = [];
  #cell: OpenCell | undefined;
  #isValue = false;
  readonly #inline = new TextRun();

  constructor(pieces: AsyncIterable<string>, tables: CellTables) {
    this.#pieces = pieces;
    this.#tables = tables;
  }

  /** The rows that have cells, in batches. */
  async *rows(): AsyncGenerator<readonly SheetRow[]> {
    for await (const _ of parseXml(this.#pieces, this)) {
      if (this.#rows.length > 0) yield this.#rows;
      this.#rows = [];
    }
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#isValue = true;
    else if (name === 'f' && this.#cell) this.#cell.hasFormula = true;
    else if (name === 'mergeCell') this.#addMerged(attributes['ref'] ?? '');
    else this.#inline.open(name);
  }

  text(text: string): void {
    if (this.#isValue && this.#cell) this.#cell.value += text;
    else this.#inline.add(text);
  }

  close(name: string): void {
    if (name === 'c' && this.#cell) this.#closeCell(this.#cell);
    else if (name === 'v') this.#isValue = false;
    else if (name === 'row') {
      if (this.#cells.some((cell) => cell !== ''))
        this.#rows.push({number: this.#number, cells: this.#cells, isHidden: this.#isHidden});
    } else this.#inline.close(name);
  }

  #openRow({r, hidden}: Readonly<Record<string, string>>): void {
    const number = r === undefined ? this.#number + 1 : Number(r);
    if (!Number.isInteger(number) || number <= this.#number || number > maxRows)
      throw new Error(`row ${r} follows row ${this.#number}`);
    this.#number = number;
    this.#isHidden = hidden === '1' || hidden === 'true';
    this.#cells = [];
  }

  #openCell({r, t, s}: Readonly<Record<string, string>>): void {
    const at = r === undefined ? this.#cells.length : columnOf(r);
    if (at < this.#cells.length || at >= maxCells) throw new Error(`cell ${r} is in the wrong place`);
    this.#cell = {at, type: t ?? 'n', style: Number(s ?? 0), value: '', hasFormula: false};
  }

  #closeCell(cell: OpenCell): void {
    this.#cell = undefined;
    if (cell.hasFormula && cell.value === '' && cell.type !== 'str')
      this.uncalculated ??= `${columnName(cell.at)}${this.#number}`;
    const text = this.#textOf(cell);
    if (text === '') return;
    while (this.#cells.length < cell.at) this.#cells.push('');
    this.#cells.push(text);
  }

  #textOf({type, style, value}: OpenCell): string {
    const inline = this.#inline.take();
    if (type === 'inlineStr') return inline;
    if (value === '') return '';
    const {strings, formats, startsIn1904} = this.#tables;
    switch (type) {
      case 's': {
        const text = strings[Number(value)];
        if (text === undefined) throw new Error(`there is no text number ${value}`);
        return text;
      }
      case 'b':
        return value === '1' || value === 'true' ? 'true' : 'false';
      case 'n':
        return numberText(value, formats[style] ?? 'plain', startsIn1904);
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      default:
        return unescape(value);
    }
  }

  #addMerged(range: string): void {
    const [first = 0, last = first] = range.split(':').map((cell) => Number(/\d+$/.exec(cell)?.[0]));
    if (last > first) this.merged.push({range, last});
  }
}

interface OpenCell {
  at: number;
  type: string;
  style: number;
  value: string;
  hasFormula: boolean;
}

/** The position of the column of `C4`, from 0. */
function columnOf(cell: string): number {
  let position = 0;
  for (const letter of /^[A-Z]+/.exec(cell)?.[0] ?? '') position = position * 26 + letter.charCodeAt(0) - 64;
  return position - 1;
}

function columnName(position: number): string {
  const rest = Math.floor(position / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (position % 26));
}
