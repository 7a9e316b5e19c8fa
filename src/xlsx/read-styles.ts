import {type NumberFormat, numberFormatOf} from './cell-text.ts';
import {readXml} from './parse-xml.ts';

/** The number format of each cell style, by its position. */
export async function readStyles(pieces: AsyncIterable<string>): Promise<readonly NumberFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let isInCellStyles = false;
  await readXml(pieces, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') isInCellStyles = true;
      else if (name === 'xf' && isInCellStyles) ids.push(Number(attributes['numFmtId'] ?? 0));
    },
    close(name) {
      if (name === 'cellXfs') isInCellStyles = false;
    },
  });
  return ids.map((id) => numberFormatOf(id, codes.get(id)));
}
