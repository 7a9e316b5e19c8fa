import {isRehearsal} from '../journal/rehearsal.ts';
import type {Outcome} from '../outcome.ts';
import {adviseOn} from '../page/advice.ts';
import {duration, moment, number, rows} from '../page/format.ts';
import {markup, type Markup} from '../page/markup.ts';
import {quote, renderCauses, renderPanel} from '../page/render-cause.ts';
import {renderCommand} from '../page/render-command.ts';
import {fileName, type Headline, hostOf, renderAbout, renderHead} from '../page/render-head.ts';
import {badge, fittingRows, renderList} from '../page/render-list.ts';
import {renderPage} from '../page/render-page.ts';
import {renderShares} from '../page/render-shares.ts';
import {sampleOf} from '../page/sample.ts';
import {describeSum} from './award-sum.ts';
import type {PlannedRow} from './describe-row.ts';
import type {Action} from './planned-actions.ts';
import type {PlanDocument} from './plan-document.ts';

/** In the order of the page: what a person must act on first. */
const words: Readonly<Record<Action, {tone: Outcome; label: string; about: string}>> = {
  failed: {tone: 'failed', label: 'Cannot be sent', about: 'see why below'},
  invalid: {tone: 'invalid', label: 'Invalid', about: 'breaks a rule, cannot be sent'},
  create: {tone: 'created', label: 'To create', about: 'new records'},
  update: {tone: 'updated', label: 'To update', about: 'records that change'},
  remove: {tone: 'removed', label: 'To remove', about: 'records that go'},
  unchanged: {tone: 'unchanged', label: 'Left alone', about: 'already as wanted'},
};
const order = Object.keys(words) as readonly Action[];

/** Rows that a browser sorts and searches without a pause. */
const maxRows = 10_000;
const maxLines = 8;
const maxMessages = 3;

interface PlanPageFacts {
  /** When the plan was made, ms since 1970. */
  now: number;
  /** What carries the plan out, to be typed. */
  command: string;
}

/** A plan for people, as a page: what would be done with each row, what it takes, and how to do it. Pure. */
export function renderPlanPage(plan: PlanDocument, {now, command}: PlanPageFacts): string {
  const {job, counts, input, options, undoOf} = plan;
  const headline = headlineOf(plan);
  const what = undoOf === undefined ? job : `undo of ${undoOf}`;
  const target = isRehearsal(plan) ? 'the embedded API' : hostOf(plan.baseUrl);
  const shares = order.map((action) => ({...words[action], count: counts[action]}));
  return renderPage({
    title: `${headline.text} · plan of ${what}`,
    head: renderHead(
      headline,
      what,
      `a plan: nothing was sent${isRehearsal(plan) ? ' · a rehearsal' : ''}`,
      markup`What a run of <bdi>${fileName(input.path)}</bdi> to ${target} would do, as things stood on ${moment(now, options.timezone)}.`,
    ),
    main: markup`${renderShares('What would be done', shares, input.rows)}
${renderObstacles(plan)}
${renderEffort(plan, command)}
${renderRows(plan)}
${renderAbout('About this plan', [
  ['Job', what],
  ['File', markup`<bdi>${fileName(input.path)}</bdi>, ${rows(input.rows)}`],
  ['SHA-256 of the file', markup`<code>${input.sha256}</code>`],
  ['API', markup`<code>${plan.baseUrl}</code>`],
  ['What exists', existing[plan.existing]],
  ['Made', moment(now, options.timezone)],
])}`,
    hasRows: true,
    footer: 'Made by bulk42 plan.',
  });
}

const existing: Readonly<Record<PlanDocument['existing'], string>> = {
  skip: 'is left alone (--existing skip)',
  fail: 'cannot be sent (--existing fail)',
  send: 'is not looked for (--existing send)',
  update: 'is brought to the values of its row (--existing update)',
  remove: 'is removed',
};

function headlineOf({counts, input}: PlanDocument): Headline {
  const stuck = counts.failed + counts.invalid;
  const changes = counts.create + counts.update + counts.remove;
  if (stuck > 0) return {tone: 'attention', text: `${number(stuck)} of ${rows(input.rows)} cannot be sent`};
  if (changes === 0) return {tone: 'good', text: 'There is nothing to send'};
  const all = input.rows === 1 ? 'The one row' : `All ${rows(input.rows)}`;
  return {
    tone: 'good',
    text: `${changes === input.rows ? all : `${number(changes)} of ${rows(input.rows)}`} can be sent`,
  };
}

/** Why rows cannot be sent, and what to do about each reason. */
function renderObstacles({rows: planned, counts}: PlanDocument): Markup {
  const panels = (['failed', 'invalid'] as const).map((action) => {
    if (counts[action] === 0) return markup``;
    const byCode = new Map<string, PlannedRow[]>();
    for (const row of planned) {
      if (row.action !== action) continue;
      const {code = ''} = row;
      byCode.set(code, [...(byCode.get(code) ?? []), row]);
    }
    const causes = [...byCode].map(([code, group]) => {
      const [title, advice] = adviseOn(action, code);
      const messages = new Set(group.flatMap(({message = ''}) => (message ? [message] : [])));
      const lines = group.slice(0, maxLines).map(({line}) => line);
      const more = group.length > maxLines ? ` and ${number(group.length - maxLines)} more` : '';
      return {
        title,
        count: rows(group.length),
        advice,
        quotes: [...messages].slice(0, maxMessages).map((message) => quote(message)),
        where: `${group.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}${more}`,
        code,
        filter: action,
        search: code,
      };
    });
    const {tone, label} = words[action];
    const content = markup`<p>Nothing of these rows would be sent. Correct them in the file and plan again; a run reports them, and sends the others.</p>${renderCauses(causes)}`;
    return renderPanel({tone, title: label, count: rows(counts[action]), content});
  });
  if (counts.failed + counts.invalid === 0) return markup``;
  return markup`<section aria-labelledby="attention">
<h2 id="attention">What cannot be sent</h2>
${panels}</section>`;
}

/** Requests, time, and the command. */
function renderEffort(plan: PlanDocument, command: string): Markup {
  const {requests, schedule, options, sum, warnings} = plan;
  const {writes, reads} = requests;
  const all = `${number(writes)} ${writes === 1 ? 'request' : 'requests'}`;
  const hours =
    schedule.furtherHours > 0
      ? ` ${number(schedule.thisHour)} of them fit into this hour’s limit; the rest ${schedule.furtherHours === 1 ? 'waits for the next one' : `takes ${number(schedule.furtherHours)} more`}.`
      : '';
  const takes =
    writes === 0
      ? 'There is nothing to send.'
      : markup`A run sends ${all}, which takes ${duration(schedule.seconds * 1000)} at the limits of the API.${hours} Begun when this page was made, it would be done about ${moment(Date.parse(schedule.finishesAt), options.timezone)}.`;
  return markup`<section aria-labelledby="effort">
<h2 id="effort">What it takes</h2>
<p>${takes} ${reads > 0 ? `${number(reads)} ${reads === 1 ? 'request was' : 'requests were'} made to read what exists, for this plan.` : ''}</p>
${sum && sum.users > 0 ? markup`<p>${describeSum(sum)}</p>` : ''}${warnings.length > 0 ? markup`<ul class="notes">${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>` : ''}${
    writes > 0
      ? markup`<p>To do it, type this in a terminal, in the same folder. It plans again, shows what has changed since, and asks:</p>
${renderCommand(command)}`
      : ''
  }
</section>`;
}

function renderRows({rows: planned, counts, input}: PlanDocument): Markup {
  const byUrgency = planned.toSorted(
    (one, other) => order.indexOf(one.action) - order.indexOf(other.action) || one.line - other.line,
  );
  const chosen = sampleOf(byUrgency, ({action, code = ''}) => `${action} ${code}`, maxRows);
  const listed = fittingRows(chosen, renderRow);
  const present = order.filter((action) => counts[action] > 0);
  const left = input.rows - listed.length;
  const what =
    left > 0
      ? `The table lists ${number(listed.length)} of ${rows(input.rows)}, an even sample of each kind; bulk42 plan --all lists every one in the terminal.`
      : `The table lists ${input.rows === 1 ? 'the one row' : `all ${rows(input.rows)}`}.`;
  return renderList({
    title: 'Rows',
    note: markup`${what} Values are personal data: they are hidden at first, but they are in this file, so pass it on as you would the file of the rows.`,
    filters:
      present.length > 1
        ? [
            {value: '', label: 'All', count: input.rows},
            ...present.map((action) => ({value: action, label: words[action].label, count: counts[action]})),
          ]
        : [],
    columns: ['Line', 'Action', 'Row', 'Fields', 'Code', 'Message'],
    hidden: {label: 'Show values', columns: ['Values']},
    rows: listed,
  });
}

function renderRow({line, action, target, changes = [], unreadable = [], code, message}: PlannedRow): Markup {
  const {tone, label} = words[action];
  const fields = changes.map(({column}) => column).join(', ');
  const isCompared = action !== 'update' || changes.length + unreadable.length > 0;
  const unread = isCompared ? unreadable.join(', ') : 'all';
  const values = changes.map(
    ({column, from, to}) =>
      markup`<div><b>${column}</b> ${from === undefined ? '' : `${textOf(from)} → `}${textOf(to)}</div>`,
  );
  return markup`<tr data-group="${action}"><th scope="row">${line}</th><td>${badge(tone, label)}</td><td data-k="">${target}</td><td data-k="Fields">${[fields, unread && `without comparing: ${unread}`].filter(Boolean).join('; ')}</td><td><code>${code}</code></td><td class="wide">${message}</td><td class="private">${values}</td></tr>
`;
}

const maxValueLength = 200;

function textOf(value: unknown): string {
  const text = value === null ? '(empty)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}
