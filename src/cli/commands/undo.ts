import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, sendingOptions} from '../options.ts';
import {runAndPrint} from '../run-at-terminal.ts';
import type {Terminal} from '../terminal.ts';

/** Removes exactly what a run created. */
export function undo(
  args: ArgumentsOf<typeof sendingOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  return runAndPrint({kind: 'undo', run: args.run, settings: args, sending: args}, args, terminal);
}
