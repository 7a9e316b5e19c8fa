import {resolveRow} from '../../app/resolve-row.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, resolveOptions} from '../options.ts';
import type {Terminal} from '../terminal.ts';
import {printReport} from './report.ts';

/** Takes what a person found out about a row in doubt. */
export async function resolve(
  args: ArgumentsOf<typeof resolveOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  return printReport(await resolveRow(args), args, terminal);
}
