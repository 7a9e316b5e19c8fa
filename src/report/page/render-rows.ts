import {attentionOutcomes, type Counts, countOf, retriedOutcomes} from '../../outcome.ts';
import {number, rows} from './format.ts';
import {markup, type Markup} from './markup.ts';
import {needsAttention, outcomeWords, pageOrder} from './outcome-words.ts';
import type {PageRow} from './select-rows.ts';

/** With everything around it the page stays below 5 MB, whatever the cells hold. */
const maxBytes = 4_500_000;

interface RowTable {
  all: number;
  isUndo: boolean;
  counts: Counts;
  selected: readonly PageRow[];
  /** Names of the key columns. */
  keys: readonly string[];
}

/** The table of rows, with its search and filters (they need the page's script, and appear with it). */
export function renderRows({all, isUndo, counts, selected, keys}: RowTable): Markup {
  const listed: Markup[] = [];
  let bytes = 0;
  for (const row of selected) {
    const rendered = renderRow(row, keys);
    bytes += Buffer.byteLength(rendered.markup);
    if (bytes > maxBytes) break;
    listed.push(rendered);
  }
  const attention = countOf(counts, attentionOutcomes);
  const attentionListed = selected
    .slice(0, listed.length)
    .filter(({outcome}) => needsAttention(outcome)).length;
  return markup`<section aria-labelledby="rows">
<h2 id="rows" tabindex="-1">Rows</h2>
<p>${explain({all, listed: listed.length, attention, attentionListed})} ${links(counts, isUndo)} Those files may hold personal data; this page shows ${keys.length > 0 ? 'only the columns that name a row' : 'none of the cells'}.</p>
${toolbar(counts, attention)}
<div class="scroll" role="region" aria-labelledby="rows" tabindex="0">
<table id="row-table">
<thead><tr><th scope="col">Line</th><th scope="col">Outcome</th>${keys.map((key) => markup`<th scope="col">${key}</th>`)}<th scope="col">Status</th><th scope="col">Id</th><th scope="col">Code</th><th scope="col">Message</th></tr></thead>
<tbody>
${listed}</tbody>
</table>
</div>
<p class="print-only">At most the first 200 rows of the table are printed.</p>
</section>`;
}

function explain(n: {all: number; listed: number; attention: number; attentionListed: number}): string {
  if (n.listed === n.all)
    return n.all === 1 ? 'The table lists the one row.' : `The table lists all ${rows(n.all)}.`;
  const others = 'an even sample of the others';
  const what =
    n.attention === 0
      ? 'an even sample'
      : n.attentionListed === n.attention
        ? `all ${number(n.attention)} that need attention and ${others}`
        : `${number(n.attentionListed)} of the ${number(n.attention)} that need attention, every cause among them, and ${others}`;
  return `The table lists ${number(n.listed)} of ${rows(n.all)}: ${what}. ${rows(n.all - n.listed)} are left out here.`;
}

function links(counts: Counts, isUndo: boolean): Markup {
  const retry =
    countOf(counts, retriedOutcomes) > 0 && !isUndo
      ? markup`, and those to correct and send again are in <a href="retry.csv">retry.csv</a>, both beside this page`
      : ' beside this page';
  return markup`Every row with all of its columns is in <a href="report.csv">report.csv</a>${retry}.`;
}

function toolbar(counts: Counts, attention: number): Markup {
  const present = pageOrder.filter((outcome) => counts[outcome] > 0);
  const all = present.reduce((sum, outcome) => sum + counts[outcome], 0);
  const choices = [
    choice('all', 'All', all),
    ...(attention > 0 ? [choice('attention', 'Needs attention', attention)] : []),
    ...present.map((outcome) => choice(outcome, outcomeWords[outcome].label, counts[outcome])),
  ];
  return markup`<div class="toolbar" id="toolbar" hidden>
<label class="search"><span>Search</span><input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="a line, a login, a message …"></label>
${
  present.length > 1
    ? markup`<fieldset><legend>Show</legend>
${choices}</fieldset>`
    : ''
}
<p id="shown" role="status"></p>
</div>`;
}

function choice(value: string, label: string, count: number): Markup {
  const checked = value === 'all' ? markup` checked` : '';
  return markup`<label class="choice"><input type="radio" name="outcome" value="${value}"${checked}><span>${label} <span class="count">${number(count)}</span></span></label>
`;
}

function renderRow(
  {line, outcome, status, id, code, message, keys: cells}: PageRow,
  keys: readonly string[],
): Markup {
  return markup`<tr data-o="${outcome}"><th scope="row">${line}</th><td><span class="badge ${outcome}">${outcomeWords[outcome].label}</span></td>${cells.map((cell, at) => markup`<td data-k="${keys[at]}">${cell}</td>`)}<td>${status}</td><td>${id}</td><td><code>${code}</code></td><td>${message}</td></tr>
`;
}
