import {InputError} from '../errors.ts';

const saveAsCsv = 'open it in Excel or LibreOffice, choose File > Save As > CSV UTF-8, and give that file';

interface Format {
  readonly is: string;
  readonly hint: string;
  readonly matches: (start: string) => boolean;
}

// The most specific first: workbooks are zip archives too. One that is given as a file of rows is read before this. The bytes are compared as latin1 text.
const formats: readonly Format[] = [
  {
    is: 'an Excel workbook',
    hint: saveAsCsv,
    matches: (start) => isZip(start) && /\[Content_Types\]|xl\//.test(start),
  },
  {
    is: 'a LibreOffice spreadsheet',
    hint: saveAsCsv,
    matches: (start) => isZip(start) && start.includes('oasis'),
  },
  {is: 'a zip archive or a workbook', hint: saveAsCsv, matches: isZip},
  {is: 'an old Excel workbook (.xls)', hint: saveAsCsv, matches: begins('\xd0\xcf\x11\xe0')},
  {is: 'compressed with gzip', hint: 'unpack it with gunzip first', matches: begins('\x1f\x8b')},
  {is: 'a PDF document', hint: 'ask for the table as a CSV file', matches: begins('%PDF-')},
  {is: 'a PNG image', hint: 'give the CSV file that names the image', matches: begins('\x89PNG')},
  {is: 'a JPEG image', hint: 'give the CSV file that names the image', matches: begins('\xff\xd8\xff')},
  {
    is: 'a web page',
    hint: 'the download probably asked for a login: download the CSV file again in a browser',
    matches: (start) => /^\s*<(?:!doctype html|html)/i.test(start),
  },
  {
    is: 'a table of a web page',
    hint: saveAsCsv,
    matches: (start) => /^(?:\xef\xbb\xbf)?\s*<(?:table|meta|style|div)\b/i.test(start),
  },
  {is: 'an XML document', hint: saveAsCsv, matches: (start) => /^(?:\xef\xbb\xbf)?\s*<\?xml\b/.test(start)},
  {
    is: 'a JSON document',
    hint: 'export the table as a CSV file',
    matches: (start) => /^(?:\xef\xbb\xbf)?\s*(?:\[\s*[{[]|\{\s*")/.test(start),
  },
];

/** @throws {InputError} naming what the file is, when its first bytes show that it is no text table. */
export function refuseForeignFormat(path: string, start: Buffer): void {
  const text = start.toString('latin1');
  const format = formats.find(({matches}) => matches(text));
  if (format === undefined) return;
  throw new InputError(`${path} is ${format.is}, not a CSV file`, {code: 'not_csv', hint: format.hint});
}

function begins(magic: string): (start: string) => boolean {
  return (start) => start.startsWith(magic);
}

function isZip(start: string): boolean {
  return start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06');
}
