import {describe, expect, it} from 'vitest';
import {openWorkbook} from '../../src/xlsx/open-workbook.ts';
import {type CellValue, styles, workbook, workbookOf, workbookParts, zip} from '../helpers/workbook.ts';

/** The cells of a sheet as text, by the numbers of their rows. */
async function rowsOf(bytes: Buffer, sheetAt = 0): Promise<Record<number, readonly string[]>> {
  const book = await openWorkbook(bytes, 'rows.xlsx');
  const sheet = book.sheets[sheetAt];
  if (!sheet) throw new Error('there is no such sheet');
  const found: Record<number, readonly string[]> = {};
  for await (const rows of (await book.read(sheet)).rows())
    for (const {number, cells} of rows) found[number] = cells;
  return found;
}

const cell = async (value: CellValue) => (await rowsOf(workbookOf([['first', value]])))[1]?.[1] ?? '';

describe('a cell becomes the text that a person would type', () => {
  it.each<[string, CellValue, string]>([
    ['text with leading zeros', '007', '007'],
    ['text with XML in it', 'a <b> & "c"', 'a <b> & "c"'],
    ['text of two lines', 'one\ntwo', 'one\ntwo'],
    [
      'a character that XML cannot hold',
      {xml: '<c r="#" t="inlineStr"><is><t>a_x000D_b</t></is></c>'},
      'a\rb',
    ],
    [
      'formatted text',
      {xml: '<c r="#" t="inlineStr"><is><r><t>Jean</t></r><r><rPr><b/></rPr><t>ne</t></r></is></c>'},
      'Jeanne',
    ],
    [
      'text with a hint to say it',
      {xml: '<c r="#" t="inlineStr"><is><t>東京</t><rPh><t>トウキョウ</t></rPh></is></c>'},
      '東京',
    ],
    ['an id', 1005, '1005'],
    ['an id of sixteen digits', {xml: '<c r="#"><v>4111111111111111</v></c>'}, '4111111111111111'],
    ['an id with an exponent', {xml: '<c r="#"><v>1E+5</v></c>'}, '100000'],
    ['a large number', {xml: '<c r="#"><v>1E+22</v></c>'}, '10000000000000000000000'],
    ['a small number', {xml: '<c r="#"><v>1.5E-7</v></c>'}, '0.00000015'],
    ['a sum of floating point', {xml: '<c r="#"><v>12.300000000000001</v></c>'}, '12.3'],
    [
      'a number shown with leading zeros',
      {xml: `<c r="#" s="${styles.fiveDigits}"><v>1234</v></c>`},
      '01234',
    ],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['a date', {day: 46_265}, '2026-08-31'],
    ['a date before the leap day that never was', {day: 59}, '1900-02-28'],
    ['a date and time', {day: 46_265.395_833_333_33, style: styles.dateTime}, '2026-08-31 09:30:00'],
    ['a date in a format with a time', {day: 46_265, style: styles.dateTime}, '2026-08-31'],
    ['a time', {day: 0.395_833_333_33, style: styles.time}, '09:30:00'],
    ['a date as ISO text', {xml: '<c r="#" t="d"><v>2026-08-31T00:00:00</v></c>'}, '2026-08-31'],
    ['an error', {xml: '<c r="#" t="e"><f>VLOOKUP(A1,B:B,1)</f><v>#N/A</v></c>'}, '#N/A'],
    ['the result of a formula', {xml: '<c r="#" t="str"><f>A1&amp;"!"</f><v>andre</v></c>'}, 'andre'],
    ['an empty result', {xml: '<c r="#" t="str"><f>""</f><v></v></c>'}, ''],
    ['the result of a sum', {xml: '<c r="#"><f>40+2</f><v>42</v></c>'}, '42'],
    ['only a style', {xml: '<c r="#" s="1"/>'}, ''],
  ])('%s', async (_name, value, text) => {
    expect(await cell(value)).toBe(text);
  });

  it('a date of a calendar that starts in 1904', async () => {
    const rows = [['first', {day: 44_803}]] as const;
    expect(await rowsOf(workbook({Feuil1: {rows}}, {startsIn1904: true}))).toEqual({
      1: ['first', '2026-08-31'],
    });
  });
});

it('rows have the numbers of the sheet, and columns their places', async () => {
  const bytes = workbookOf({3: ['login', null, 'begin_at'], 7: [null, 'x'], 9: [' ', '']});
  expect(await rowsOf(bytes)).toEqual({3: ['login', '', 'begin_at'], 7: ['', 'x'], 9: [' ']});
});

it('other programs write other names, no places, and no tables of texts and styles', async () => {
  const {
    'xl/sharedStrings.xml': _strings,
    'xl/styles.xml': _styles,
    ...parts
  } = workbookParts({A: {rows: []}});
  const sheet =
    '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>login</x:t></x:is></x:c><x:c><x:v>9</x:v></x:c></x:row><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
  expect(await rowsOf(zip({...parts, 'xl/worksheets/sheet1.xml': sheet}))).toEqual({
    1: ['login', '9'],
    2: ['1'],
  });
});

describe('what is damaged is refused', () => {
  const parts = workbookParts({Feuil1: {rows: [['login'], ['andre']]}});
  const sheet = 'xl/worksheets/sheet1.xml';
  const xml = parts[sheet] ?? '';
  const refusal = async (bytes: Buffer) => {
    const book = await openWorkbook(bytes, 'rows.xlsx');
    for await (const _ of (await book.read(book.sheets[0] as never)).rows());
  };

  it.each<[string, Buffer, RegExp]>([
    ['an archive that was cut off', zip(parts).subarray(0, 900), /damaged workbook/],
    ['XML that was cut off', zip({...parts, [sheet]: xml.slice(0, -40)}), /unclosed tag/],
    [
      'a missing sheet',
      zip(Object.fromEntries(Object.entries(parts).filter(([name]) => name !== sheet))),
      /no xl\/worksheets/,
    ],
    ['a text that is not there', zip({...parts, 'xl/sharedStrings.xml': '<sst/>'}), /no text number 0/],
    ['rows in disorder', zip({...parts, [sheet]: xml.replace('r="2"', 'r="1"')}), /row 1 follows row 1/],
    [
      'a row beyond the last one',
      zip({...parts, [sheet]: xml.replace('r="2"', 'r="1048577"')}),
      /row 1048577/,
    ],
    ['a cell beyond the last column', zip({...parts, [sheet]: xml.replace('r="A2"', 'r="XFE2"')}), /XFE2/],
    [
      'a number that is none',
      zip({...parts, [sheet]: xml.replace('t="s"', 't="n"').replace('<v>0', '<v>x')}),
      /"x" is no number/,
    ],
    ['a part that is larger than it says', zip(parts, {[sheet]: 100}), /too many bytes/],
    [
      'entities that would grow',
      zip({
        ...parts,
        [sheet]: xml.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>').replace('<v>', '<v>&a;'),
      }),
      /entity/,
    ],
  ])('%s', async (_name, bytes, message) => {
    await expect(refusal(bytes)).rejects.toThrow(message);
  });

  it('bytes that are not those of their checksum', async () => {
    const bytes = zip(parts);
    // The name of the part stands 46 bytes behind the beginning of its entry, the checksum 16.
    const at = bytes.lastIndexOf(sheet) - 30;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    await expect(refusal(bytes)).rejects.toThrow(/checksum/);
  });
});
