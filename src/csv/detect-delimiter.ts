import {parse} from 'csv-parse/sync';
import {UsageError} from '../errors.ts';

const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

const names: Readonly<Record<string, Delimiter>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  pipe: '|',
};

/** @throws {UsageError} for anything but the four delimiters and their names. */
export function namedDelimiter(option: string): Delimiter {
  const delimiter = delimiters.find((candidate) => candidate === option) ?? names[option.toLowerCase()];
  if (delimiter !== undefined) return delimiter;
  throw new UsageError(`${JSON.stringify(option)} is no delimiter that is known`, {
    hint: 'give --delimiter comma, semicolon, tab or pipe',
  });
}

/** The delimiter that a first line `sep=;` declares, as Excel writes and reads it. */
export function declaredDelimiter(text: string): Delimiter | undefined {
  const character = /^sep=([,;\t|])(?:[\r\n]|$)/i.exec(text)?.[1];
  return delimiters.find((candidate) => candidate === character);
}

/** The header and twenty rows. */
const sampleRecords = 21;

/**
 * The delimiter under which the header and the first twenty records agree best on how many cells there are; among
 * equals the one that makes more cells. A file of one column has none, and each of them reads it.
 */
export function detectDelimiter(sample: string): Delimiter {
  const occurring = delimiters.filter((delimiter) => sample.includes(delimiter));
  if (occurring.every((delimiter) => delimiter === ',')) return ',';
  const widths = occurring.map((delimiter) => ({delimiter, widths: widthsOf(sample, delimiter)}));
  // Below a title of one cell, most rows decide: then the title is the row that does not fit.
  return best(widths, 0) ?? best(widths, -1, 0.5) ?? ',';
}

/** The delimiter under which the largest share of the records has as many cells as the one at `reference`. */
function best(
  candidates: readonly {delimiter: Delimiter; widths: readonly number[]}[],
  reference: number,
  minShare = 0,
): Delimiter | undefined {
  return candidates
    .map(({delimiter, widths}) => {
      const columns = widths.at(reference) ?? 0;
      return {delimiter, columns, share: widths.filter((width) => width === columns).length / widths.length};
    })
    .filter(({columns, share}) => columns > 1 && share > minShare)
    .toSorted((a, b) => b.share - a.share || b.columns - a.columns)[0]?.delimiter;
}

function widthsOf(sample: string, delimiter: Delimiter): number[] {
  const widths: number[] = [];
  try {
    parse(sample, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      relax_column_count: true,
      to: sampleRecords,
      on_record: (record: string[]) => {
        widths.push(record.length);
        return null;
      },
    });
  } catch {
    // The sample may end inside a quoted cell; a real mistake is found, with its line, when the file is read.
  }
  return widths;
}
