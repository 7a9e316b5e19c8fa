import {InputError} from '../errors.ts';
import {checkRecord, filledLength, isBlank} from './check-record.ts';
import type {CsvRow, RecordProblem} from './csv-row.ts';
import type {FileRecord} from './parse-records.ts';

/** Excel leaves out the delimiters at the end of a row only for whole blocks of so many rows. */
const blockRows = 16;

/**
 * Makes rows of the records below one header. A row has as many cells as the header was written with: with one more or
 * one fewer it cannot be known which cell is wrong, even where the last one is empty. There are two exceptions, which
 * show in the whole file and not in one row:
 *
 * - Every row has the same other number of cells, and the cells without a name are empty. A cell that begins with a space
 *   speaks against it: an unquoted "Marie, Le Goff" leaves one.
 * - Excel's blocks: rows 1 to 16, 17 to 32, … (counted from the header, or from the row below it) have all their
 *   delimiters or, all 16 alike, only those up to the last cell that is filled in the block.
 *
 * Rows are given out in the order of the file; while an exception is being decided, they are held back.
 */
export class RowFitter {
  readonly #header: FileRecord;
  /** Names, without the empty ones at the end. */
  readonly #width: number;
  readonly #names: ReadonlySet<string>;
  /** Rows that have as many cells as the header. */
  #hasEvenRow = false;
  /** Rows that are neither such, nor `#uneven`. */
  #hasWrongRow = false;
  #uneven: UnevenRows | undefined;
  #block: Block | undefined;
  /** The row from which blocks are counted: found with the first of them. False: the file has none. */
  #blockStart: number | false | undefined;
  #previousRow: number;

  constructor(header: FileRecord) {
    this.#header = header;
    this.#width = filledLength(header.cells);
    this.#names = new Set(header.cells.slice(0, this.#width).map(foldCell));
    this.#previousRow = header.row;
  }

  /**
   * Adds the row that a record makes, if any, and rows that were held back.
   *
   * @throws {InputError} for a second header, for limits, and where rows were given out as an exception that does not
   *   hold after all
   */
  add(record: FileRecord, rows: CsvRow[]): void {
    checkRecord(record);
    const {cells} = record;
    if (this.#isBlank(cells)) return;
    this.#refuseSecondHeader(record);
    const isEven = cells.length === this.#header.cells.length;
    if (this.#block && !this.#fitsBlock(this.#block, record)) {
      this.#endBlock(blockOf(record.row, this.#block.start) !== this.#block.number, rows);
    }
    if (this.#uneven && !this.#isLike(this.#uneven, record)) this.#refuseUneven(this.#uneven, record, rows);

    if (this.#block) this.#block.records.push(record);
    else if (isEven) rows.push(this.#evenRow(record));
    else if (this.#isUneven(record)) this.#addUneven(record, rows);
    else if (this.#startsBlock(record)) this.#startBlock(record);
    else rows.push(this.#wrongRow(record));
    this.#previousRow = record.row;
  }

  /** Adds what was held back: there are no more records. */
  end(rows: CsvRow[]): void {
    if (this.#block) this.#endBlock(true, rows);
    if (this.#uneven?.held) rows.push(this.#wrongRow(this.#uneven.held));
  }

  /** In a file of one column the quotes of `""` tell an empty cell from an empty line. */
  #isBlank(cells: readonly string[]): boolean {
    return cells.every(isBlank) && !(this.#width === 1 && cells.length === 1 && cells[0] === '');
  }

  /** Two exports in one file: from here on, the columns may be others. */
  #refuseSecondHeader({line, cells}: FileRecord): void {
    if (!this.#names.has(foldCell(cells[0] ?? '')) && !this.#names.has(foldCell(cells[1] ?? ''))) return;
    const filled = cells.filter((cell) => !isBlank(cell));
    const named = filled.filter((cell) => this.#names.has(foldCell(cell))).length;
    if (named < Math.min(2, filled.length)) return;
    const first = this.#header.line;
    throw first === 0
      ? new InputError(`line ${line}: this is a header, and --columns names the columns too`, {
          code: 'second_header',
          hint: 'leave out --columns, or remove the line',
        })
      : new InputError(
          `line ${line}: this is a header again, after that of line ${first}: two tables in one file`,
          {
            code: 'second_header',
            hint: 'remove the line if its columns are the same, or make two files of it',
          },
        );
  }

  #evenRow(record: FileRecord): CsvRow {
    this.#hasEvenRow = true;
    return this.#namedCells(record);
  }

  /** The cells below the names. Those without a name must be empty. */
  #namedCells(record: FileRecord): CsvRow {
    const {line, cells} = record;
    if (cells.length === this.#width) return record;
    if (filledLength(cells) > this.#width) return this.#wrongRow(record);
    return {line, cells: cells.slice(0, this.#width)};
  }

  #wrongRow({line, cells}: FileRecord): CsvRow {
    this.#hasWrongRow = true;
    return {line, cells, problem: countProblem(cells.length, this.#header.cells.length)};
  }

  #isUneven({cells}: FileRecord): boolean {
    if (this.#uneven) return true;
    if (this.#hasEvenRow || this.#hasWrongRow) return false;
    return cells.length >= this.#width && this.#isBelowNames(cells);
  }

  #isLike(uneven: UnevenRows, {cells}: FileRecord): boolean {
    return cells.length === uneven.cells && this.#isBelowNames(cells);
  }

  #isBelowNames(cells: readonly string[]): boolean {
    const isCut = cells.length > this.#header.cells.length && !this.#header.cells.some(isIndented);
    return filledLength(cells) <= this.#width && !(isCut && cells.some(isIndented));
  }

  /** One such row alone may be a mistake of its own, so it is held back until there is another. */
  #addUneven(record: FileRecord, rows: CsvRow[]): void {
    if (!this.#uneven) {
      this.#uneven = {cells: record.cells.length, held: record};
      return;
    }
    const {held} = this.#uneven;
    if (held) rows.push(this.#namedCells(held));
    this.#uneven.held = undefined;
    this.#uneven.line ??= held?.line;
    rows.push(this.#namedCells(record));
  }

  #refuseUneven({line, held}: UnevenRows, record: FileRecord, rows: CsvRow[]): void {
    this.#uneven = undefined;
    if (held) {
      rows.push(this.#wrongRow(held));
      return;
    }
    const {message, code} = countProblem(record.cells.length, this.#header.cells.length);
    throw new InputError(
      `line ${record.line}: ${message}, and the rows from line ${line} on another number`,
      {
        code,
        hint: 'cells without a name are read over only where all rows have the same number of them',
      },
    );
  }

  #startsBlock({row, cells}: FileRecord): boolean {
    if (cells.length > this.#header.cells.length || !this.#hasEvenRow) return false;
    const starts =
      this.#blockStart === undefined ? [this.#header.row, this.#header.row + 1] : [this.#blockStart];
    const found = starts.find(
      (start) => start !== false && blockOf(row, start) > blockOf(this.#previousRow, start),
    );
    this.#blockStart = found ?? false;
    return found !== undefined;
  }

  #startBlock(record: FileRecord): void {
    const start = Number(this.#blockStart);
    this.#block = {number: blockOf(record.row, start), start, records: [record]};
  }

  #fitsBlock({number, start, records}: Block, {row, cells}: FileRecord): boolean {
    return blockOf(row, start) === number && cells.length === records[0]?.cells.length;
  }

  #endBlock(isWhole: boolean, rows: CsvRow[]): void {
    const records = this.#block?.records ?? [];
    const count = records[0]?.cells.length ?? 0;
    this.#block = undefined;
    // One row alone may have lost a delimiter; Excel would have left out more than one where all last cells are empty.
    const isBlock = isWhole && records.length > 1 && records.some(({cells}) => filledLength(cells) === count);
    if (!isBlock) this.#blockStart = false;
    for (const record of records) rows.push(isBlock ? this.#paddedRow(record) : this.#wrongRow(record));
  }

  #paddedRow({line, cells}: FileRecord): CsvRow {
    const missing = Math.max(0, this.#width - cells.length);
    return {line, cells: [...cells.slice(0, this.#width), ...Array.from({length: missing}, () => '')]};
  }
}

/** Rows whose number of cells is not that of the header. */
interface UnevenRows {
  cells: number;
  /** The first of them, as long as there is no other. */
  held: FileRecord | undefined;
  line?: number | undefined;
}

interface Block {
  number: number;
  start: number;
  records: FileRecord[];
}

function blockOf(row: number, start: number): number {
  return Math.floor((row - start) / blockRows);
}

function isIndented(cell: string): boolean {
  return /^\s+\S/.test(cell);
}

function foldCell(cell: string): string {
  return cell.trim().toLowerCase();
}

function countProblem(cells: number, width: number): RecordProblem {
  const message = `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, the header ${width}`;
  return cells < width
    ? {
        code: 'too_few_cells',
        message,
        hint: 'write empty cells too (a,,b and a,b,): without them it cannot be known which one is missing',
      }
    : {
        code: 'too_many_cells',
        message,
        hint: 'quote a cell that contains the delimiter ("Smith, John"), or give the extra column a name',
      };
}
