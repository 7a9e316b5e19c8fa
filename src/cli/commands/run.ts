import {readPlan} from '../../app/open/saved-plan.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import type {CommandResult} from '../command-result.ts';
import {newRunSpec} from '../new-run-spec.ts';
import type {ArgumentsOf, runOptions} from '../options.ts';
import {requireJobAndFile} from '../require-job-and-file.ts';
import {runAndPrint} from '../run-at-terminal.ts';
import type {Terminal} from '../terminal.ts';

type RunArguments = ArgumentsOf<typeof runOptions> & {job?: string; file?: string};

/** A run over a file: new, or the rest of one that is unfinished; of a saved plan exactly, where one is given. */
export async function run(given: RunArguments, terminal: Terminal): Promise<CommandResult> {
  const savedPlan = given.plan === undefined ? undefined : await readPlan(given.plan);
  const args = requireJobAndFile(savedPlan ? withPlan(given, savedPlan) : given);
  const spec = {...newRunSpec(args, terminal), settings: args};
  if (args.dryRun) return (await import('./plan.ts')).showPlan(spec, args, terminal);
  return runAndPrint({...spec, savedPlan, sending: args}, args, terminal);
}

/** A saved plan names its file and job. What is given beside it has to be the same, or the plan is refused. */
function withPlan(
  given: RunArguments,
  {job, input, existing, onInvalid, options}: PlanDocument,
): Omit<RunArguments, 'existing'> & Pick<PlanDocument, 'existing'> {
  const {map, set, dateOrder, delimiter, encoding, lines, limit, columns, each, sheet} = given;
  const shape = Object.entries({
    map,
    set,
    dateOrder,
    delimiter,
    encoding,
    lines,
    limit,
    columns,
    each,
    sheet,
  });
  return {
    ...given,
    job: given.job ?? job,
    file: given.file ?? input.path,
    existing,
    onInvalid,
    ...options,
    ...Object.fromEntries(shape.filter(([, value]) => value !== undefined)),
  };
}
