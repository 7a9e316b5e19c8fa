import {systemClock as clock} from '../../clock.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {Replayed} from '../../journal/replay.ts';
import {writeOutputs} from '../../report/write-outputs.ts';
import {readJournal, reopenInput} from '../../runs/reopen-run.ts';
import {findRun, type RunDirectory} from '../../runs/run-directory.ts';
import type {ArgumentsOf, reportOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {renderSummary} from '../print/render-summary.ts';
import {howToGoOn} from '../print/how-to-go-on.ts';
import type {Terminal} from '../terminal.ts';
import {toPrintableJson} from '../print/escape-control-characters.ts';

type ReportArguments = Pick<ArgumentsOf<typeof reportOptions>, 'json' | 'out' | 'quiet'>;

export async function report(
  args: ReportArguments & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const directory = await findRun(args.run, args.out);
  return writeReports(directory, await readJournal(directory), args, terminal);
}

/** Rebuilds everything that is derived from a journal. */
export async function writeReports(
  directory: RunDirectory,
  replayed: Replayed,
  args: ReportArguments,
  terminal: Terminal,
): Promise<CommandResult> {
  const {header} = replayed;
  const job = await loadJob(header.jobFile ?? header.job);
  const input = await reopenInput(directory, header, job, new Date(clock.wall()));
  try {
    const summary = await writeOutputs(directory, replayed, input);
    if (args.json) terminal.result(toPrintableJson(summary, 2));
    else if (!args.quiet) terminal.result(renderSummary(summary, directory.path, terminal));
    for (const line of await howToGoOn({replayed, input, directory, out: args.out})) terminal.error(line);
    return {exitCode: 0};
  } finally {
    await input.close();
  }
}
