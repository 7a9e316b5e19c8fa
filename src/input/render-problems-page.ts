import {pluralize} from '../pluralize.ts';
import {adviseOn} from '../page/advice.ts';
import {moment, number, rows} from '../page/format.ts';
import {markup, type Markup} from '../page/markup.ts';
import {quote, renderCauses, renderPanel} from '../page/render-cause.ts';
import {renderCommand} from '../page/render-command.ts';
import {fileName, type Headline, renderAbout, renderHead} from '../page/render-head.ts';
import {fittingRows, renderList} from '../page/render-list.ts';
import {renderPage} from '../page/render-page.ts';
import type {RowProblem} from './check-input.ts';
import {groupProblems, titleOf} from './group-problems.ts';
import type {CheckedInput} from './prepare-input.ts';

export interface ProblemsPageFacts {
  /** When the file was checked, ms since 1970. */
  now: number;
  /** The file as it was given. */
  file: string;
  timezone: string;
  /** What is to be typed next: to check again, and to send the file. */
  commands: {validate: string; run: string};
}

const maxGroups = 100;
/** With more columns than these the search finds one sooner. */
const maxFilters = 12;

/** Everything that is wrong with a file, as a page for the person who corrects it. Pure. */
export function renderProblemsPage(checked: CheckedInput, facts: ProblemsPageFacts): string {
  const {input, problems, warnings} = checked;
  const {job} = input;
  const {now, file, timezone} = facts;
  const headline = headlineOf(checked);
  return renderPage({
    title: `${headline.text} · ${fileName(file)}`,
    head: renderHead(
      headline,
      job.name,
      job.definition.summary,
      markup`<bdi>${fileName(file)}</bdi> was checked on ${moment(now, timezone)}. Nothing was sent, and the API was not asked.`,
    ),
    main: markup`${renderNext(checked, facts)}
${
  warnings.length > 0
    ? markup`<section aria-labelledby="notes">
<h2 id="notes">How it was read</h2>
<ul class="notes">${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>
</section>`
    : ''
}
${renderKinds(checked)}
${problems.length > 0 ? renderTable(checked) : ''}
${renderAbout('About this check', [
  ['Job', job.name],
  [
    'File',
    markup`<bdi>${fileName(file)}</bdi>${input.headerProblems.length > 0 ? '' : `, ${rows(checked.checked.rows)}`}`,
  ],
  ['SHA-256 of the file', markup`<code>${checked.checked.sha256}</code>`],
])}`,
    hasRows: problems.length > 0,
    footer: 'Made by bulk42 validate.',
  });
}

function headlineOf({checked, input, problemCount}: CheckedInput): Headline {
  const {rows: all, invalid} = checked;
  if (problemCount === 0)
    return {tone: 'good', text: all === 1 ? 'The one row is valid' : `All ${rows(all)} are valid`};
  if (input.headerProblems.length > 0) return {tone: 'attention', text: 'The header does not fit the job'};
  return {
    tone: 'attention',
    text: `${number(invalid)} of ${rows(all)} ${invalid === 1 ? 'is' : 'are'} invalid`,
  };
}

function renderNext({problemCount, input, proposal}: CheckedInput, {commands}: ProblemsPageFacts): Markup {
  const type = 'Type in a terminal, in the same folder:';
  const steps =
    problemCount === 0
      ? markup`<p>The file can be sent. The plan is shown first, and you are asked. ${type}</p>
${renderCommand(commands.run)}`
      : input.headerProblems.length > 0
        ? markup`<p>${proposal === undefined ? 'Correct the header of the file, or say which columns are meant; then check it again.' : 'No row was checked. Under these names the header would fit: look whether they are right, then check again.'} ${type}</p>
${renderCommand(commands.validate)}`
        : markup`<ol class="steps">
<li>Correct the cells in the file, save it, and check it again: ${renderCommand(commands.validate)}</li>
<li>Or send the valid rows now. Those that are invalid are then kept in a file of their own, to be corrected and sent later: ${renderCommand(`${commands.run} --on-invalid skip`)}</li>
</ol>`;
  return markup`<section aria-labelledby="next">
<h2 id="next">What to do</h2>
${steps}
</section>`;
}

function renderKinds({problems, problemCount, input}: CheckedInput): Markup {
  if (problemCount === 0) return markup``;
  const groups = groupProblems(problems);
  const causes = groups.slice(0, maxGroups).map(({example, count, lines, columns}) => {
    const isHeader = input.headerProblems.some(({line}) => line === example.line);
    return {
      title:
        example.code === 'unknown_column' ? `${example.message}: ${columns.join(', ')}` : titleOf(example),
      count: isHeader ? '' : rows(count),
      advice: isHeader ? example.hint : adviseOn('invalid', example.code)[1],
      quotes: isHeader ? [] : [renderExample(example)],
      where: `${/\D/.test(lines) ? 'Lines' : 'Line'} ${lines}`,
      code: example.code,
      filter: '',
      search: `${columns.length === 1 ? `${example.column} ` : ''}${example.code}`,
    };
  });
  const more =
    groups.length > maxGroups
      ? markup`<p class="note">And ${number(groups.length - maxGroups)} more kinds, in the table.</p>`
      : '';
  return markup`<section aria-labelledby="kinds">
<h2 id="kinds">What is wrong</h2>
${renderPanel({tone: 'invalid', title: 'By column and kind', count: pluralize(problemCount, 'problem'), content: markup`${renderCauses(causes)}${more}`})}
</section>`;
}

/** The cell, and what it should be: personal data. */
function renderExample({line, value, hint}: RowProblem): Markup {
  return markup`<div class="private">${quote(`line ${line}: ${value === '' ? '(empty)' : value}`)}<p>${hint}</p></div>`;
}

function renderTable({problems, problemCount, input}: CheckedInput): Markup {
  const columns = new Map<string, number>();
  for (const {column} of problems) columns.set(column, (columns.get(column) ?? 0) + 1);
  const groups = [...columns.keys()];
  // What is wrong with a header is told without any cell.
  const isHeader = input.headerProblems.length > 0;
  const listed = fittingRows(problems, (problem) =>
    renderRow(problem, groups.indexOf(problem.column), isHeader),
  );
  const all = number(problemCount);
  const which =
    listed.length < problemCount
      ? `The table lists the first ${number(listed.length)} of ${all} problems.`
      : `The table lists ${problemCount === 1 ? 'the one problem' : `all ${all} problems`}.`;
  return renderList({
    title: 'Problems',
    note: markup`${which} ${isHeader ? '' : 'Cells and names are personal data: they are hidden at first, but this page has them, so pass it on as you would the file itself.'}`,
    filters:
      groups.length > 1 && groups.length <= maxFilters
        ? [
            {value: '', label: 'All', count: problems.length},
            ...groups.map((column, at) => ({
              value: `${at}`,
              label: column || 'Whole row',
              count: columns.get(column) ?? 0,
            })),
          ]
        : [],
    columns: ['Line', 'Column', 'Kind', 'Problem', ...(isHeader ? ['What to do'] : [])],
    hidden: isHeader ? undefined : {label: 'Show cells and names', columns: ['Cell', 'What to do', 'Person']},
    rows: listed,
  });
}

function renderRow(
  {line, column, value, code, message, hint, person}: RowProblem,
  group: number,
  isHeader: boolean,
): Markup {
  const more = isHeader
    ? markup`<td class="wide">${hint}</td>`
    : markup`<td class="private" data-k="Cell">${value}</td><td class="private" data-k="What to do">${hint}</td><td class="private" data-k="Person">${person}</td>`;
  return markup`<tr data-group="${group}"><th scope="row">${line}</th><td data-k="">${column}</td><td><code>${code}</code></td><td class="wide">${message}</td>${more}</tr>
`;
}
