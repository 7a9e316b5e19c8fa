import {Readable} from 'node:stream';
import {CsvInput} from '../../csv/csv-input.ts';
import {exactCsv, markOf} from '../../csv/write-rows.ts';
import {UsageError} from '../../errors.ts';
import {spoolInput} from '../../files/spool.ts';
import {foldName} from '../../job/header/header-name.ts';
import {nothingOnLines} from '../../input/prepare-input.ts';
import {selectLines} from '../../input/select-lines.ts';
import type {RowShapingOptions} from '../../journal/entry.ts';

/**
 * Writes a copy of the rows that are asked for, in which each stands once for each value of `--each`, with its line in the
 * file. Returns the path of the copy.
 */
export async function expandRows(
  path: string,
  title: string,
  {each = {}, delimiter, encoding, columns, sheet, lines, limit = Infinity}: RowShapingOptions,
  folder: string,
): Promise<string> {
  const csv = await CsvInput.open(path, {title, delimiter, encoding, columns, isSheet: sheet !== undefined});
  try {
    const names = Object.keys(each);
    refuseKnownColumns(names, csv.header);
    const choices = Object.values(each).reduce<readonly (readonly string[])[]>(
      (chosen, values) => chosen.flatMap((before) => values.map((value) => [...before, value])),
      [[]],
    );
    const dialect = await csv.dialect();
    const {delimiter: written} = dialect;
    const selection = selectLines(lines);
    let taken = 0;
    async function* text() {
      yield markOf(dialect) + exactCsv([[...csv.header, ...names, 'bulk42_line']], written);
      for await (const batch of csv.rows()) {
        const selected = batch.filter(({line}) => selection.has(line)).slice(0, limit - taken);
        taken += selected.length;
        yield exactCsv(
          selected.flatMap(({line, cells}) => choices.map((values) => [...cells, ...values, String(line)])),
          written,
        );
      }
    }
    const copy = await spoolInput(Readable.from(text()), folder);
    if (lines !== undefined && taken === 0) throw nothingOnLines(lines, {csv});
    return copy;
  } finally {
    await csv.close();
  }
}

/** Which of the two values a row should have would be a guess. */
function refuseKnownColumns(names: readonly string[], header: readonly string[]): void {
  const known = new Set(header.map(foldName));
  const both = names.find((name) => known.has(foldName(name)));
  if (both === undefined) return;
  throw new UsageError(`--each names the column ${both}, which the file has`, {
    code: 'each_column',
    hint: 'remove the column from the file, or the --each',
  });
}
