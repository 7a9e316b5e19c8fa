import {InputError} from '../errors.ts';
import {maxCellCharacters, maxColumns, maxNameBytes} from './csv-limits.ts';
import type {CsvRow, RecordProblem} from './csv-row.ts';
import type {FileRecord} from './parse-records.ts';

/**
 * A record as a row under a header of `width` names; undefined for a blank line, be it of spaces or of delimiters.
 * In a file of one column the quotes of `""` tell an empty cell from an empty line.
 *
 * @throws {InputError} when a cell or the number of cells is beyond the limits
 */
export function fitRecord(record: FileRecord, width: number): CsvRow | undefined {
  const {line, cells} = record;
  checkCells(record);
  if (cells.every(isBlank) && !(width === 1 && cells.length === 1 && cells[0] === '')) return undefined;
  if (cells.length === width) return record;
  const written = Math.max(filledLength(cells), Math.min(width, cells.length));
  checkColumns(written, line);
  const kept = written === cells.length ? cells : cells.slice(0, written);
  return written === width ? {line, cells: kept} : {line, cells: kept, problem: problemOf(written, width)};
}

/**
 * The names of a header as written, without the empty ones at its end; undefined for a blank line.
 *
 * @throws {InputError} for more names, or longer ones, than the limits allow
 */
export function fitHeader(record: FileRecord): readonly string[] | undefined {
  const names = record.cells.slice(0, filledLength(record.cells));
  if (names.length === 0) return undefined;
  checkColumns(names.length, record.line);
  const long = names.findIndex((name) => Buffer.byteLength(name) > maxNameBytes);
  if (long !== -1) {
    throw new InputError(
      `line ${record.line}, column ${long + 1}: this header name is longer than ${maxNameBytes} bytes`,
      {code: 'name_too_long', hint: 'the first line of the file must name the columns; is it missing?'},
    );
  }
  return names;
}

function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}

function filledLength(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => !isBlank(cell)) + 1;
}

function problemOf(written: number, width: number): RecordProblem {
  const count = `the row has ${written} ${written === 1 ? 'cell' : 'cells'}, the header ${width}`;
  return written < width
    ? {
        code: 'too_few_cells',
        message: count,
        hint: 'write empty cells too (a,,b and a,b,): without them it cannot be known which one is missing',
      }
    : {
        code: 'too_many_cells',
        message: count,
        hint: 'quote a cell that contains the delimiter ("Smith, John"), or give the extra column a name',
      };
}

function checkColumns(count: number, line: number): void {
  if (count <= maxColumns) return;
  throw new InputError(`line ${line}, column ${maxColumns + 1}: there are more than ${maxColumns} columns`, {
    code: 'too_many_columns',
    hint: 'delete the columns that the job does not need, and check --delimiter',
  });
}

function checkCells({line, cells}: FileRecord): void {
  for (let index = 0; index < cells.length; index++) {
    if ((cells[index]?.length ?? 0) <= maxCellCharacters) continue;
    throw new InputError(
      `line ${line}, column ${index + 1}: this cell has more than ${maxCellCharacters} characters`,
      {
        code: 'cell_too_long',
        hint: 'shorten it; if it is not that long, a closing quote (") is missing',
      },
    );
  }
}
