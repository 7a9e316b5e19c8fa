import {Readable} from 'node:stream';
import {checkRecord} from '../../csv/check-record.ts';
import {namedDelimiter, type Delimiter} from '../../csv/detect-delimiter.ts';
import {exactCsv, markOf} from '../../csv/write-rows.ts';
import {InputError, UsageError} from '../../errors.ts';
import {spoolInput} from '../../files/spool.ts';
import type {RowShapingOptions} from '../../journal/entry.ts';
import {openWorkbook, unreadable} from '../../xlsx/open-workbook.ts';
import type {SheetReader} from '../../xlsx/sheet-reader.ts';
import type {Sheet, Workbook} from '../../xlsx/workbook.ts';

/** A sheet of a workbook as a CSV file. */
export interface ConvertedSheet {
  path: string;
  /** The options by which the copy is read. */
  shape: RowShapingOptions;
  /** What the user should know of the sheet that was read. */
  notes: readonly string[];
}

/**
 * Writes a copy of a sheet as CSV in which each of its rows has its number: blank ones are blank lines. The delimiter
 * is that of `--delimiter`, or the semicolon of most European spreadsheets, since the outputs follow it.
 *
 * @throws {InputError} for a workbook that cannot be read, or whose cells do not say what they show
 * @throws {UsageError} for a sheet that it does not have
 */
export async function convertWorkbook(
  bytes: Buffer,
  title: string,
  shape: RowShapingOptions,
  folder: string,
): Promise<ConvertedSheet> {
  const workbook = await openWorkbook(bytes, title);
  const sheet = chooseSheet(workbook, title, shape.sheet);
  const delimiter = namedDelimiter(shape.delimiter ?? ';');
  const hidden: number[] = [];
  const text = csvText({workbook, sheet, title, delimiter, columns: shape.columns, hidden});
  const path = await spoolInput(Readable.from(text), folder);
  return {
    path,
    shape: {...shape, sheet: sheet.name, delimiter, encoding: 'utf-8'},
    notes: [...otherSheets(workbook, sheet, shape), ...hiddenRows(hidden)],
  };
}

interface Conversion {
  workbook: Workbook;
  sheet: Sheet;
  title: string;
  delimiter: Delimiter;
  columns: readonly string[] | undefined;
  /** Is given the numbers of hidden rows. */
  hidden: number[];
}

async function* csvText({workbook, sheet, title, delimiter, columns, hidden}: Conversion) {
  let next = 1;
  let first: number | undefined;
  let width = columns?.length ?? 0;
  try {
    const reader = await workbook.read(sheet);
    yield markOf({delimiter, hasMark: true});
    for await (const rows of reader.rows()) {
      let text = '';
      for (const {number, cells, isHidden} of rows) {
        checkRecord({line: number, row: number, cells});
        first ??= number;
        width ||= cells.length;
        if (isHidden) hidden.push(number);
        const missing = Array.from({length: Math.max(0, width - cells.length)}, () => '');
        text += '\n'.repeat(number - next) + exactCsv([[...cells, ...missing]], delimiter);
        next = number + 1;
      }
      yield text;
    }
    refuseUnclear(reader, {sheet, title, header: columns ? 0 : (first ?? 0)});
  } catch (error) {
    throw unreadable(error, title);
  }
  if (first === undefined) {
    throw new InputError(`${title}: the sheet ${sheet.name} is empty`, {
      code: 'empty_file',
      hint: `its first row must name the columns; the sheets: ${namesOf(workbook.sheets)}`,
    });
  }
}

/** Cells that show something else than they hold. */
function refuseUnclear(
  {merged, uncalculated}: SheetReader,
  {sheet, title, header}: {sheet: Sheet; title: string; header: number},
): void {
  const place = `${title}, sheet ${sheet.name}`;
  const rows = merged.find(({last}) => last > header);
  if (rows) {
    throw new InputError(
      `${place}: the cells ${rows.range} are merged, so all but the first row lack the value`,
      {
        code: 'merged_cells',
        hint: 'choose Home > Merge & Center > Unmerge Cells, fill in each cell, and save it',
      },
    );
  }
  if (uncalculated !== undefined) {
    throw new InputError(`${place}: the formula in ${uncalculated} has no result`, {
      code: 'formula_without_result',
      hint: 'open it in Excel or LibreOffice, which calculate it, and save it',
    });
  }
}

function chooseSheet({sheets}: Workbook, title: string, name: string | undefined): Sheet {
  const fold = (text: string) => text.trim().toLowerCase();
  const found =
    name === undefined
      ? (sheets.find(({isHidden}) => !isHidden) ?? sheets[0])
      : (sheets.find((sheet) => sheet.name === name) ??
        sheets.find((sheet) => fold(sheet.name) === fold(name)));
  if (found) return found;
  throw new UsageError(
    name === undefined ? `${title} has no sheet with cells` : `${title} has no sheet ${name}`,
    {
      code: 'no_sheet',
      hint:
        sheets.length > 0
          ? `name one with --sheet: ${namesOf(sheets)}`
          : 'give the workbook that has the table',
    },
  );
}

function otherSheets({sheets}: Workbook, sheet: Sheet, {sheet: named}: RowShapingOptions): string[] {
  const others = sheets.filter((each) => each !== sheet);
  if (named !== undefined || others.length === 0) return [];
  return [`read from the sheet ${sheet.name}; --sheet reads another: ${namesOf(others)}`];
}

function namesOf(sheets: readonly Sheet[]): string {
  return sheets.map(({name, isHidden}) => (isHidden ? `${name} (hidden)` : name)).join(', ');
}

const maxNamed = 5;

function hiddenRows(numbers: readonly number[]): string[] {
  if (numbers.length === 0) return [];
  const more = numbers.length > maxNamed ? ` and ${numbers.length - maxNamed} more` : '';
  const named = numbers.slice(0, maxNamed).join(', ');
  return [`the sheet hides rows that are read too: ${named}${more}; --lines chooses rows`];
}
