import {rebuildReport, type WrittenReport} from '../../app/write-report.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, reportOptions} from '../options.ts';
import {printResult} from '../print/print-result.ts';
import type {Terminal} from '../terminal.ts';

/** Rebuilds the outputs of a run. */
export async function report(
  args: ArgumentsOf<typeof reportOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  return printReport(await rebuildReport(args.run, args.out), args, terminal);
}

export function printReport(
  written: WrittenReport,
  args: ArgumentsOf<typeof reportOptions>,
  terminal: Terminal,
): CommandResult {
  printResult({...written, exitCode: 0, failure: undefined}, args, terminal);
  return {exitCode: 0};
}
