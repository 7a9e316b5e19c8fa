import type {RunSpec} from '../../app/run-spec.ts';
import type {CommandResult} from '../command-result.ts';
import {newRunSpec} from '../new-run-spec.ts';
import type {ArgumentsOf, removeOptions} from '../options.ts';
import {runAndPrint} from '../run-at-terminal.ts';
import type {Terminal} from '../terminal.ts';

/** Removes the records that the keys of the rows name. */
export async function remove(
  args: ArgumentsOf<typeof removeOptions> & {job: string; file: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const wanted = {...args, existing: 'remove', changedSince: undefined} as const;
  const spec: RunSpec = {...newRunSpec(wanted, terminal), settings: args};
  if (args.dryRun) return (await import('./plan.ts')).showPlan(spec, args, terminal);
  return runAndPrint({...spec, sending: args}, args, terminal);
}
