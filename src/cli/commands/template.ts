import {namedDelimiter} from '../../csv/detect-delimiter.ts';
import {exactCsv, markOf} from '../../csv/write-rows.ts';
import {buildTemplate} from '../../job/build-template.ts';
import {describeJob} from '../../job/describe-job.ts';
import {loadJob} from '../../job/load-jobs.ts';
import type {ArgumentsOf, templateOptions} from '../options.ts';
import type {CommandResult} from '../command-result.ts';
import {renderTable} from '../print/render-table.ts';
import type {Terminal} from '../terminal.ts';
import {jsonDocument} from '../print/json-document.ts';

/** A CSV header with one example row that validates, or with --describe a table of the columns. */
export async function template(
  args: ArgumentsOf<typeof templateOptions> & {job: string},
  terminal: Terminal,
): Promise<CommandResult> {
  const job = await loadJob(args.job);
  const {header, example} = buildTemplate(job);
  if (args.json) {
    terminal.result(jsonDocument({header, example, columns: describeJob(job)}, 2));
  } else if (args.describe) {
    const rows = describeJob(job).map((each) => [
      each.column,
      each.type,
      each.required ? 'yes' : '',
      each.example,
      each.about,
    ]);
    terminal.result(
      renderTable(['column', 'type', 'required', 'example', 'about'], rows, terminal.resultWidth()),
    );
  } else {
    const delimiter = namedDelimiter(args.delimiter);
    // A spreadsheet that expects such a file takes one without the mark for windows-1252.
    const mark = markOf({delimiter, hasMark: delimiter === ';' || delimiter === '\t'});
    terminal.result(mark + exactCsv([header, example], delimiter).replace(/\n$/, ''));
  }
  return {exitCode: 0};
}
