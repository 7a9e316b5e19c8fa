import {InputError} from '../errors.ts';
import {maxCellCharacters, maxColumns, maxNameBytes} from './csv-limits.ts';
import type {FileRecord} from './parse-records.ts';

/** White space only, or nothing. */
export function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}

/** How many cells a record has, without the blank ones at its end. */
export function filledLength(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => !isBlank(cell)) + 1;
}

/** @throws {InputError} for more names, or longer ones, than the limits allow */
export function checkHeader({line, cells}: FileRecord): void {
  checkColumns(filledLength(cells), line);
  const long = cells.findIndex((name) => Buffer.byteLength(name) > maxNameBytes);
  if (long === -1) return;
  throw new InputError(
    `line ${line}, column ${long + 1}: this header name is longer than ${maxNameBytes} bytes`,
    {code: 'name_too_long', hint: 'the first line of the file must name the columns; is it missing?'},
  );
}

/** @throws {InputError} when a cell or the number of cells is beyond the limits */
export function checkRecord({line, cells}: FileRecord): void {
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
  if (cells.length > maxColumns) checkColumns(filledLength(cells), line);
}

function checkColumns(count: number, line: number): void {
  if (count <= maxColumns) return;
  throw new InputError(`line ${line}, column ${maxColumns + 1}: there are more than ${maxColumns} columns`, {
    code: 'too_many_columns',
    hint: 'delete the columns that the job does not need, and check --delimiter',
  });
}
