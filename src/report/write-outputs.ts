import {replaceFile, replaceFiles} from '../files/write-file.ts';
import type {Replayed} from '../journal/replay.ts';
import {renderReport} from './page/render-report.ts';
import {type PageInput, RowSelection} from './page/select-rows.ts';
import {reportTable, retryTable} from './report-csv.ts';
import {type Summary, summarize} from './summary.ts';

export interface OutputPaths {
  report: string;
  retry: string;
  summary: string;
  page: string;
}

/** Everything that can be rebuilt of a run: a function of its journal and its CSV file, byte for byte. */
export async function writeOutputs(
  paths: OutputPaths,
  replayed: Replayed,
  input: PageInput,
): Promise<Summary> {
  const {states} = replayed;
  const selection = new RowSelection(input, states);
  const dialect = await input.dialect();
  const reportText = reportTable(input, dialect);
  const retryText = retryTable(input, dialect);
  // Reading a million rows takes longer than all that is made of them, so they are read once.
  await replaceFiles([paths.report, paths.retry], async ([report, retry]) => {
    await report.write(reportText.header);
    await retry.write(retryText.header);
    for await (const lines of input.lines()) {
      const rows = lines.map((line) => ({...line, state: states.row(line.line)}));
      await report.write(reportText.rows(rows));
      await retry.write(retryText.rows(rows));
      rows.forEach((row) => selection.offer(row));
    }
  });
  const summary = summarize(replayed);
  await replaceFile(paths.summary, `${JSON.stringify(summary, null, 2)}\n`);
  await replaceFile(paths.page, renderReport(replayed, input, selection.chosen()));
  return summary;
}
