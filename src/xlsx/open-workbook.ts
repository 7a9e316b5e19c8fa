import {InputError} from '../errors.ts';
import {isOldContainer} from './is-workbook.ts';
import {NoWorkbookError, Workbook} from './workbook.ts';
import {maxPartBytes, PartTooLargeError, ZipParts} from './zip-parts.ts';

const saveAgain = 'open it in Excel or LibreOffice, choose File > Save As > Excel Workbook (.xlsx)';

/** @throws {InputError} that says what the file is, where it is no workbook that can be read */
export async function openWorkbook(bytes: Buffer, title: string): Promise<Workbook> {
  if (isOldContainer(bytes)) {
    throw bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
      ? new InputError(`${title} is protected by a password`, {
          code: 'workbook_password',
          hint: 'open it in Excel, empty the password in File > Info > Protect Workbook > Encrypt with Password, and save it',
        })
      : foreign(title, 'an old Excel workbook (.xls)');
  }
  try {
    const parts = await ZipParts.open(bytes);
    try {
      return await Workbook.open(parts);
    } catch (error) {
      throw error instanceof NoWorkbookError ? foreign(title, kindOf(parts)) : error;
    }
  } catch (error) {
    throw unreadable(error, title);
  }
}

/** What ends the reading of a workbook, for users. */
export function unreadable(error: unknown, title: string): unknown {
  if (error instanceof PartTooLargeError) {
    return new InputError(`${title} has a part of more than ${maxPartBytes / 1024 / 1024} MB`, {
      code: 'workbook_size',
      hint: 'where it is a table of so many rows, save it as CSV UTF-8',
    });
  }
  if (error instanceof InputError || !(error instanceof Error)) return error;
  return new InputError(`${title} is a damaged workbook: ${error.message}`, {
    code: 'workbook_damaged',
    hint: `fetch it again, or ${saveAgain}`,
    cause: error,
  });
}

function kindOf(parts: ZipParts): string {
  if (parts.has('xl/workbook.bin')) return 'a binary Excel workbook (.xlsb)';
  return parts.has('content.xml') ? 'a LibreOffice document (.ods)' : 'a zip archive and no workbook';
}

function foreign(title: string, what: string): InputError {
  return new InputError(`${title} is ${what}, neither a CSV file nor a workbook (.xlsx)`, {
    code: 'not_csv',
    hint: what.startsWith('a zip')
      ? 'unpack it, and give the table in it'
      : `${saveAgain}, and give that file`,
  });
}
