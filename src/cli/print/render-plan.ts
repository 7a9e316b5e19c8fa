import {isRehearsal} from '../../journal/rehearsal.ts';
import {describeSum} from '../../plan/award-sum.ts';
import type {PlannedRow} from '../../plan/describe-row.ts';
import type {Action} from '../../plan/planned-actions.ts';
import type {PlanDocument} from '../../plan/plan-document.ts';
import {localTime} from '../../local-time.ts';
import {pluralize} from '../../pluralize.ts';
import {duration} from './progress-line.ts';
import type {Terminal} from '../terminal.ts';
import {escapeControlCharacters} from './escape-control-characters.ts';

/** Of each kind. */
const shownRows = 5;
const shownChanges = 8;

/** In the order in which they are shown. */
const kinds: Readonly<
  Record<Action, {sign: string; words: string; color: 'green' | 'yellow' | 'red' | 'dim'}>
> = {
  create: {sign: '+', words: 'to create', color: 'green'},
  update: {sign: '~', words: 'to update', color: 'yellow'},
  remove: {sign: '-', words: 'to remove', color: 'red'},
  failed: {sign: '!', words: 'cannot be sent', color: 'red'},
  invalid: {sign: '!', words: 'invalid', color: 'red'},
  unchanged: {sign: '=', words: 'unchanged', color: 'dim'},
};
const order = Object.keys(kinds) as readonly Action[];

/**
 * A plan for people: counts, the first rows of each kind, requests, and when it would be done. Rows hold personal data,
 * so they are left out where the text goes into a log. `inDoubt`: rows of an earlier process that
 * have to be settled before anything else.
 */
export function renderPlan(
  plan: PlanDocument,
  {colors}: Pick<Terminal, 'colors'>,
  {withRows = true, withEveryRow = false, inDoubt = 0} = {},
): string {
  const {bold, yellow} = colors;
  const {counts, undoOf} = plan;
  const planned = order.reduce((sum, action) => sum + counts[action], inDoubt);
  const all = pluralize(plan.input.rows, 'row');
  const rows = planned === plan.input.rows ? all : `${planned} of ${all} left`;
  const headline = order
    .filter((action) => counts[action] > 0)
    .map((action) => colors[kinds[action].color](`${counts[action]} ${kinds[action].words}`));
  if (inDoubt > 0) headline.push(yellow(`${inDoubt} in doubt`));
  const what = undoOf === undefined ? plan.job : `undo of ${undoOf}`;
  return [
    `${bold(escapeControlCharacters(what))} on ${isRehearsal(plan) ? yellow('the embedded API, a rehearsal') : escapeControlCharacters(new URL(plan.baseUrl).host)}: ${[rows, ...headline].join(', ')}`,
    ...(withRows ? order.flatMap((action) => examplesOf(plan, action, {colors, withEveryRow})) : []),
    ...(plan.sum && plan.sum.users > 0 ? [bold(describeSum(plan.sum))] : []),
    requestsOf(plan),
    ...(inDoubt > 0 ? [yellow(doubtNote(inDoubt))] : []),
    ...plan.warnings.map((warning) => yellow(escapeControlCharacters(warning))),
  ].join('\n');
}

function requestsOf({requests: {writes, reads}, schedule}: PlanDocument): string {
  const send =
    writes === 0
      ? 'nothing to send'
      : `${escapeControlCharacters(schedule.text)} (in ${duration(schedule.seconds)})`;
  return reads === 0 ? send : `${send}; ${pluralize(reads, 'read')} made for this plan`;
}

function doubtNote(rows: number): string {
  return rows === 1
    ? 'the row in doubt is read back first, and sent again only if it was not applied'
    : `the ${rows} rows in doubt are read back first, and sent again only if they were not applied`;
}

function examplesOf(
  {rows, counts, options: {timezone}}: PlanDocument,
  action: Action,
  {colors: {dim}, withEveryRow}: Pick<Terminal, 'colors'> & {withEveryRow: boolean},
): string[] {
  const examples = rows.filter((row) => row.action === action).slice(0, withEveryRow ? Infinity : shownRows);
  const {sign} = kinds[action];
  const lines = examples.flatMap((row) => [
    `  ${sign} line ${row.line}: ${[row.target, row.message ?? ''].filter(Boolean).map(escapeControlCharacters).join('  ')}`,
    ...changesOf(row, withEveryRow ? Infinity : shownChanges, timezone).map((change) =>
      dim(`      ${change}`),
    ),
  ]);
  const others = counts[action] - examples.length;
  return examples.length > 0 && others > 0 ? [...lines, dim(`  ${sign} and ${others} more`)] : lines;
}

/** `first_name: "Ana" → "Anna"`, and the columns that are sent because the API does not show them. */
function changesOf(
  {changes = [], unreadable = []}: PlannedRow,
  maxLines: number,
  timezone: string,
): string[] {
  const lines = [
    ...changes.map(({column, from, to}) => {
      const before = from === undefined ? '' : `${valueOf(from, timezone)} → `;
      return `${escapeControlCharacters(column)}: ${before}${valueOf(to, timezone)}`;
    }),
    ...(unreadable.length > 0
      ? [`sent without comparing: ${unreadable.map(escapeControlCharacters).join(', ')}`]
      : []),
  ];
  const others = lines.length - maxLines;
  return others > 0 ? [...lines.slice(0, maxLines), `and ${others} more`] : lines;
}

/** A time in the zone of the file, where that is not UTC. */
function valueOf(shown: unknown, timezone: string): string {
  if (
    typeof shown === 'string' &&
    timezone !== 'UTC' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:00(?:\.000)?Z$/.test(shown)
  )
    return localTime(Date.parse(shown), {timezone});
  return escapeControlCharacters(JSON.stringify(shown));
}
