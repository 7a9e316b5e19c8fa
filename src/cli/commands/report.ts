import {systemClock as clock} from '../../clock.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {Replayed} from '../../journal/replay.ts';
import {writeOutputs} from '../../report/write-outputs.ts';
import {readJournal, reopenInput} from '../../run/reopen-run.ts';
import {findRun, type RunDirectory} from '../../run/run-directory.ts';
import type {Ended} from '../command-list.ts';
import {renderSummary} from '../render-summary.ts';
import {howToGoOn} from '../how-to-go-on.ts';
import type {Terminal} from '../terminal.ts';
import {visibleJson} from '../visible.ts';

interface ReportArguments {
  out: string;
  json: boolean;
}

export async function report(args: ReportArguments & {run: string}, terminal: Terminal): Promise<Ended> {
  const directory = await findRun(args.run, args.out);
  return writeReports(directory, await readJournal(directory), args, terminal);
}

/** Rebuilds everything that is derived from a journal. */
export async function writeReports(
  directory: RunDirectory,
  replayed: Replayed,
  args: ReportArguments,
  terminal: Terminal,
): Promise<Ended> {
  const {header} = replayed;
  const job = await loadJob(header.jobFile ?? header.job);
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    const summary = await writeOutputs(directory, replayed, input);
    if (args.json) terminal.result(visibleJson(summary, 2));
    else terminal.result(renderSummary(summary, directory.path, terminal, header.undoOf !== undefined));
    for (const line of await howToGoOn({replayed, input, directory, out: args.out})) terminal.error(line);
    return {exitCode: 0};
  } finally {
    await input.close();
  }
}
