import {writeFileAtomically} from '../csv/write-file.ts';
import type {Replayed} from '../journal/replay.ts';
import type {PageInput} from './page/select-rows.ts';
import {writePage} from './page/write-page.ts';
import {writeReport, writeRetryLog} from './report-csv.ts';
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
  const stateOf = (line: number) => replayed.states.row(line);
  await writeReport(paths.report, input, stateOf);
  await writeRetryLog(paths.retry, input, stateOf);
  const summary = summarize(replayed);
  await writeFileAtomically(paths.summary, [`${JSON.stringify(summary, null, 2)}\n`]);
  await writePage(paths.page, replayed, input);
  return summary;
}
