import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, resumeOptions} from '../options.ts';
import {runAndPrint} from '../run-at-terminal.ts';
import type {Terminal} from '../terminal.ts';

/** Goes on with a run. */
export function resume(
  args: ArgumentsOf<typeof resumeOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const {run, job: jobFile} = args;
  return runAndPrint({kind: 'resume', run, jobFile, settings: args, sending: args}, args, terminal);
}
