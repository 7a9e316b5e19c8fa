import {systemClock as clock} from '../../clock.ts';
import {loadJob} from '../../job/load-jobs.ts';
import {prepareInput} from '../../input/prepare-input.ts';
import {type ArgumentsOf, rowShapingOf, type validateOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {pluralize} from '../print/pluralize.ts';
import {renderProblems} from '../print/render-problems.ts';
import {openSource} from '../../app/source.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters, toPrintableJson} from '../print/escape-control-characters.ts';

type ValidateArguments = ArgumentsOf<typeof validateOptions> & {job: string; file: string};

export async function validate(args: ValidateArguments, terminal: Terminal): Promise<CommandResult> {
  const job = await loadJob(args.job);
  const source = await openSource(args.file, terminal.stdin);
  try {
    const prepared = await prepareInput(source.path, job, rowShapingOf(args), {
      now: new Date(clock.wall()),
      title: source.title,
    });
    await prepared.input.close();
    const {checked, problems, problemCount, input} = prepared;
    const valid = problemCount === 0;
    if (args.json) {
      terminal.result(toPrintableJson({valid, rows: checked.rows, invalid: checked.invalid, problems}, 2));
    } else if (!args.quiet || !valid) {
      for (const warning of input.csv.warnings) terminal.error(escapeControlCharacters(warning));
      if (!valid) terminal.result(renderProblems(problems, problemCount, args.all ? Infinity : 50, terminal));
      const what =
        input.headerProblems.length > 0
          ? 'the header does not fit the job'
          : `${checked.invalid} of ${checked.rows} rows are invalid`;
      terminal.result(
        valid
          ? `${pluralize(checked.rows, 'row')} ${checked.rows === 1 ? 'is' : 'are'} valid`
          : `${problemCount} problem${problemCount === 1 ? '' : 's'}: ${what}`,
      );
    }
    return {exitCode: valid ? 0 : 65};
  } finally {
    await source.close();
  }
}
