import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, retryOptions} from '../options.ts';
import {runAndPrint} from '../run-at-terminal.ts';
import type {Terminal} from '../terminal.ts';

/** A new run over a run's retry log. */
export function retry(
  args: ArgumentsOf<typeof retryOptions> & {run: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const {run, existing, onInvalid} = args;
  const spec = {kind: 'retry', run, existing, onInvalid, settings: args, sending: args} as const;
  return runAndPrint(spec, args, terminal);
}
