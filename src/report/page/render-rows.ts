import {attentionOutcomes, type Counts, countOf, retriedOutcomes} from '../../outcome.ts';
import {number, rows} from '../../page/format.ts';
import {markup, type Markup} from '../../page/markup.ts';
import {badge, fittingRows, renderList} from '../../page/render-list.ts';
import {needsAttention, outcomeWords, pageOrder} from './outcome-words.ts';
import type {PageRow} from './select-rows.ts';

interface RowTable {
  all: number;
  isUndo: boolean;
  counts: Counts;
  selected: readonly PageRow[];
  /** Names of the key columns. */
  keys: readonly string[];
}

/** The rows of a run: what became of each. */
export function renderRows({all, isUndo, counts, selected, keys}: RowTable): Markup {
  const hasCells = selected.some(({cells}) => cells.length > 0);
  const names = keys.length > 0 ? 'only the columns that name a row' : 'none of the cells';
  const personal = hasCells
    ? `They hold personal data. At first this page shows ${names}; it has the other cells of the rows that it lists, too, so pass it on as you would those files.`
    : `Those files may hold personal data; this page shows ${names}.`;
  const listed = fittingRows(selected, (row) => renderRow(row, keys, hasCells));
  const attention = countOf(counts, attentionOutcomes);
  const attentionListed = selected
    .slice(0, listed.length)
    .filter(({outcome}) => needsAttention(outcome)).length;
  return renderList({
    title: 'Rows',
    note: markup`${explain({all, listed: listed.length, attention, attentionListed})} ${links(counts, isUndo)} ${personal}`,
    filters: filtersOf(counts, attention),
    columns: ['Line', 'Outcome', ...keys, 'Status', 'Id', 'Code', 'Message'],
    hidden: hasCells ? {label: 'Show all cells', columns: ['Other cells']} : undefined,
    rows: listed,
  });
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

function filtersOf(counts: Counts, attention: number): {value: string; label: string; count: number}[] {
  const present = pageOrder.filter((outcome) => counts[outcome] > 0);
  if (present.length < 2) return [];
  const all = present.reduce((sum, outcome) => sum + counts[outcome], 0);
  return [
    {value: '', label: 'All', count: all},
    ...(attention > 0
      ? [{value: attentionOutcomes.join(' '), label: 'Needs attention', count: attention}]
      : []),
    ...present.map((outcome) => ({
      value: outcome,
      label: outcomeWords[outcome].label,
      count: counts[outcome],
    })),
  ];
}

function renderRow(
  {line, outcome, status, id, code, message, keys: named, cells}: PageRow,
  keys: readonly string[],
  hasCells: boolean,
): Markup {
  const others = cells.map(({header, cell, isWrong}) => {
    const shown = isWrong ? markup`<mark>${cell || '(empty)'}</mark>` : cell;
    return markup`<div><b>${header}</b> ${shown}</div>`;
  });
  return markup`<tr data-group="${outcome}"><th scope="row">${line}</th><td>${badge(outcome, outcomeWords[outcome].label)}</td>${named.map((cell, at) => markup`<td data-k="${keys[at]}">${cell}</td>`)}<td>${status}</td><td>${id}</td><td><code>${code}</code></td><td class="wide">${message}</td>${hasCells ? markup`<td class="private">${others}</td>` : ''}</tr>
`;
}
