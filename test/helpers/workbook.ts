import {crc32, deflateRawSync} from 'node:zlib';

/** A cell: `day` is a date cell, `xml` is written as it is, with `#` for its place. */
export type CellValue = string | number | boolean | null | {day: number; style?: number} | {xml: string};

export interface SheetOptions {
  /** Rows by their numbers, or from row 1 on. */
  rows: readonly (readonly CellValue[])[] | Readonly<Record<number, readonly CellValue[]>>;
  state?: string;
  hidden?: readonly number[];
  /** Ranges such as `B2:B3`. */
  merged?: readonly string[];
}

/** The styles of `workbook`, by their number: plain, date, date with time, five digits, time. */
export const styles = {date: 1, dateTime: 2, fiveDigits: 3, time: 4};

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The parts of an .xlsx file as Excel writes it: texts are shared, numbers have styles. */
export function workbookParts(
  sheets: Readonly<Record<string, SheetOptions>>,
  {startsIn1904 = false} = {},
): Record<string, string> {
  const strings: string[] = [];
  const names = Object.keys(sheets);
  const parts = Object.fromEntries(
    Object.values(sheets).map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet, strings)]),
  );
  const sheetList = names.map(
    (name, at) =>
      `<sheet name="${escape(name)}" sheetId="${at + 1}" state="${sheets[name]?.state ?? 'visible'}" r:id="rId${at + 1}"/>`,
  );
  const targets = names.map((_, at) => `worksheet worksheets/sheet${at + 1}.xml`);
  targets.push('sharedStrings sharedStrings.xml', 'styles styles.xml');
  return {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relationships(['officeDocument xl/workbook.xml']),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr date1904="${startsIn1904}"/><sheets>${sheetList.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(targets),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-40C]dd\\/mm\\/yyyy&quot; à &quot;hh:mm;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
    ...parts,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings.map((text) => `<si><t xml:space="preserve">${escape(text)}</t></si>`).join('')}</sst>`,
  };
}

/** An .xlsx file. */
export function workbook(sheets: Readonly<Record<string, SheetOptions>>, options = {}): Buffer {
  return zip(workbookParts(sheets, options));
}

/** The file of one sheet. */
export function workbookOf(rows: SheetOptions['rows'], more: Omit<SheetOptions, 'rows'> = {}): Buffer {
  return workbook({Feuil1: {rows, ...more}});
}

function sheetXml({rows, hidden = [], merged = []}: SheetOptions, strings: string[]): string {
  const numbered = Array.isArray(rows)
    ? (rows as readonly CellValue[][]).map((cells, at) => [at + 1, cells] as const)
    : Object.entries(rows as Record<number, CellValue[]>).map(
        ([number, cells]) => [Number(number), cells] as const,
      );
  const data = numbered.map(
    ([number, cells]) =>
      `<row r="${number}" spans="1:9"${hidden.includes(number) ? ' hidden="1"' : ''}>${cells.map((cell, at) => cellXml(cell, `${String.fromCharCode(65 + at)}${number}`, strings)).join('')}</row>`,
  );
  const ranges = merged.map((range) => `<mergeCell ref="${range}"/>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${main}"><dimension ref="A1"/><sheetData>${data.join('')}</sheetData>${ranges && `<mergeCells>${ranges}</mergeCells>`}</worksheet>`;
}

function cellXml(cell: CellValue, place: string, strings: string[]): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return `<c r="${place}" t="s"><v>${strings.push(cell) - 1}</v></c>`;
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${Number(cell)}</v></c>`;
  if ('xml' in cell) return cell.xml.replace('#', place);
  return `<c r="${place}" s="${cell.style ?? styles.date}"><v>${cell.day}</v></c>`;
}

function relationships(targets: readonly string[]): string {
  const list = targets.map((each, at) => {
    const [type, target] = each.split(' ');
    return `<Relationship Id="rId${at + 1}" Type="${relations}/${type}" Target="${target}"/>`;
  });
  return `<Relationships xmlns="${packaged}">${list.join('')}</Relationships>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A zip archive. `declared`: a wrong unpacked size for a part. */
export function zip(
  parts: Readonly<Record<string, string | Buffer>>,
  declared: Readonly<Record<string, number>> = {},
): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let position = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x800, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(declared[name] ?? bytes.length, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(position, 10);
    local.push(Buffer.from('PK\x03\x04'), facts, Buffer.from(name), packed);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, Buffer.from(name));
    position += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(position, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}
