import {resolveRow} from '../../app/resolve-row.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, resolveOptions} from '../options.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from '../print/escape-control-characters.ts';
import {printReport} from './report.ts';

/** Takes what a person found out about a row in doubt. */
export async function resolve(
  args: ArgumentsOf<typeof resolveOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const {target, ...written} = await resolveRow(args);
  if (!args.quiet) terminal.error(escapeControlCharacters(`line ${args.line}, ${target}: ${args.as}`));
  return printReport(written, args, terminal);
}
