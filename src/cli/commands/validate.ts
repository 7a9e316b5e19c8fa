import {validateFile} from '../../app/validate-file.ts';
import {systemClock as clock} from '../../clock.ts';
import type {CommandResult} from '../command-result.ts';
import type {ArgumentsOf, validateOptions} from '../options.ts';
import {refuseOtherFile, writePage} from '../page-file.ts';
import {asCommand} from '../print/as-command.ts';
import {rowShapingOf} from '../row-options.ts';
import {printValidation} from '../print/print-validation.ts';
import type {Terminal} from '../terminal.ts';

/** Lists every problem of every row. */
export async function validate(
  args: ArgumentsOf<typeof validateOptions> & {job: string; file: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const {job, file, html, timezone} = args;
  const {stdin} = terminal;
  await refuseOtherFile(args);
  const checked = await validateFile({job, file, stdin, shape: rowShapingOf(args)});
  printValidation(checked, args, terminal);
  if (html !== undefined) {
    const {renderProblemsPage} = await import('../../input/render-problems-page.ts');
    const {proposal = ''} = checked;
    const commands = {
      validate: `${asCommand('validate', terminal)} ${proposal}`.trim(),
      run: asCommand('run', terminal),
    };
    await writePage(
      renderProblemsPage(checked, {now: clock.wall(), file, timezone, commands}),
      args,
      terminal,
    );
  }
  return {exitCode: checked.problemCount === 0 ? 0 : 65};
}
