import {Readable} from 'node:stream';
import {CsvInput} from '../../csv/csv-input.ts';
import {exactCsv, markOf} from '../../csv/write-rows.ts';
import {UsageError} from '../../errors.ts';
import {spoolInput} from '../../files/spool.ts';
import {foldName} from '../../job/header/header-name.ts';
import type {RowShapingOptions} from '../../journal/entry.ts';

/** Writes a copy of a file in which each row stands once for each value of `--each`. Returns its path. */
export async function expandRows(
  path: string,
  title: string,
  {each = {}, delimiter, encoding, columns}: RowShapingOptions,
  folder: string,
): Promise<string> {
  const csv = await CsvInput.open(path, {title, delimiter, encoding, columns});
  try {
    const names = Object.keys(each);
    refuseKnownColumns(names, csv.header);
    const choices = Object.values(each).reduce<readonly (readonly string[])[]>(
      (chosen, values) => chosen.flatMap((before) => values.map((value) => [...before, value])),
      [[]],
    );
    const dialect = await csv.dialect();
    const {delimiter: written} = dialect;
    async function* text() {
      yield markOf(dialect) + exactCsv([[...csv.header, ...names]], written);
      for await (const batch of csv.rows())
        yield exactCsv(
          batch.flatMap(({cells}) => choices.map((values) => [...cells, ...values])),
          written,
        );
    }
    return await spoolInput(Readable.from(text()), folder);
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
