import type {PlannedRow} from '../run/plan-book.ts';
import type {PlanDocument} from '../run/plan-document.ts';
import type {Terminal} from './terminal.ts';
import {visible} from './visible.ts';

const shownRows = 5;

/** A plan for people: counts, the first rows of each kind, requests, and when it would be done. */
export function renderPlan(plan: PlanDocument, {colors}: Terminal): string {
  const {bold, green, yellow, red, dim} = colors;
  const {counts, requests} = plan;
  const paint = {create: green, update: yellow, unchanged: dim, failed: red, invalid: red};
  const headline = (['create', 'update', 'unchanged', 'failed', 'invalid'] as const)
    .filter((action) => counts[action] > 0 || action === 'create')
    .map((action) =>
      paint[action](`${counts[action]} to ${action}`.replace(/to (unchanged|failed|invalid)/, '$1')),
    )
    .join(', ');
  const lines = [
    `${bold(plan.job)} on ${visible(new URL(plan.baseUrl).host)}: ${plan.input.rows} rows, ${headline}`,
    ...(['create', 'update', 'failed', 'invalid', 'unchanged'] as const).flatMap((action) =>
      examplesOf(plan.rows, action, counts[action], colors),
    ),
    `${requests.writes} writes${requests.reads > 0 ? ` after ${requests.reads} reads` : ''}; ${visible(plan.schedule.text)}`,
    ...plan.warnings.map((warning) => yellow(visible(warning))),
  ];
  return lines.join('\n');
}

function examplesOf(
  rows: readonly PlannedRow[],
  action: PlannedRow['action'],
  count: number,
  {dim}: Terminal['colors'],
): string[] {
  const sign = {create: '+', update: '~', unchanged: '=', failed: '!', invalid: '!'}[action];
  const examples = rows.filter((row) => row.action === action).slice(0, shownRows);
  const lines = examples.map((row) => `  ${sign} line ${row.line}: ${visible(row.target)}${detailOf(row)}`);
  return count > lines.length && lines.length > 0
    ? [...lines, dim(`  ${sign} and ${count - lines.length} more`)]
    : lines;
}

function detailOf({changes = [], unreadable = [], message}: PlannedRow): string {
  const shown = changes.map(({column, from, to}) => `${visible(column)}: ${value(from)} → ${value(to)}`);
  const hidden = unreadable.map((column) => `${visible(column)}: set`);
  const details = [...shown, ...hidden, ...(message ? [visible(message)] : [])];
  return details.length > 0 ? `  ${details.join(', ')}` : '';
}

function value(shown: unknown): string {
  return shown === undefined ? '(none)' : visible(JSON.stringify(shown));
}
