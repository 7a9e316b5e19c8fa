import {replaceFile} from '../../src/files/write-file.ts';
import type {Replayed} from '../../src/journal/replay.ts';
import {renderReport} from '../../src/report/page/render-report.ts';
import {type PageInput, RowSelection} from '../../src/report/page/select-rows.ts';

/** Writes a run's page alone: the tables that a run writes beside it can be gigabytes, and are not looked at here. */
export async function writePage(path: string, replayed: Replayed, input: PageInput): Promise<void> {
  const {states} = replayed;
  const selection = new RowSelection(input, states);
  for await (const lines of input.lines())
    for (const line of lines) selection.offer({...line, state: states.row(line.line)});
  await replaceFile(path, renderReport(replayed, input, selection.chosen()));
}
