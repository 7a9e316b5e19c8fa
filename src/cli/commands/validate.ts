import {validateFile} from '../../app/validate-file.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, validateOptions} from '../options.ts';
import {rowShapingOf} from '../row-options.ts';
import {printValidation} from '../print/print-validation.ts';
import type {Terminal} from '../terminal.ts';

/** Lists every problem of every row. */
export async function validate(
  args: ArgumentsOf<typeof validateOptions> & {job: string; file: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const {job, file} = args;
  const {stdin} = terminal;
  const checked = await validateFile({job, file, stdin, shape: rowShapingOf(args)});
  printValidation(checked, args, terminal);
  return {exitCode: checked.problemCount === 0 ? 0 : 65};
}
