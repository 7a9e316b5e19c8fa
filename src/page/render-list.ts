import {number} from './format.ts';
import {markup, type Markup} from './markup.ts';

/** With everything around it the page stays below 5 MB, whatever the cells hold. */
const maxBytes = 4_500_000;

interface RowList {
  title: string;
  /** What is listed, and where the rest is. */
  note: Markup;
  /** Rows by what can be chosen; `value` is one or more of the groups that rows are in, '' all of them. */
  filters: readonly {value: string; label: string; count: number}[];
  /** Names of the columns, in order. */
  columns: readonly string[];
  /** What the switch shows, in the last columns: personal data, hidden at first. */
  hidden: {label: string; columns: readonly string[]} | undefined;
  rows: readonly Markup[];
}

/** As many rows as a page has room for. */
export function fittingRows<T>(items: Iterable<T>, render: (item: T) => Markup): Markup[] {
  const listed: Markup[] = [];
  let bytes = 0;
  for (const item of items) {
    const rendered = render(item);
    bytes += Buffer.byteLength(rendered.markup);
    if (bytes > maxBytes) break;
    listed.push(rendered);
  }
  return listed;
}

/** The table of rows. Search, filters, sorting, copying and the switch need the page's script, and appear with it. */
export function renderList({title, note, filters, columns, hidden, rows}: RowList): Markup {
  return markup`<section aria-labelledby="rows">
<h2 id="rows" tabindex="-1">${title}</h2>
<p>${note}</p>
<div class="toolbar" id="toolbar" hidden>
<label class="search"><span>Search</span><input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="a line, a login, a message …"></label>
${
  filters.length > 1
    ? markup`<fieldset><legend>Show</legend>
${filters.map(renderFilter)}</fieldset>`
    : ''
}${hidden && markup`<label class="switch"><input type="checkbox" role="switch" id="private" autocomplete="off"><span>${hidden.label}</span></label>`}
<p id="shown" role="status"></p>
</div>
<div class="scroll" role="region" aria-label="Table" tabindex="0">
<table id="row-table">
<thead><tr>${columns.map((name) => markup`<th scope="col">${name}</th>`)}${hidden?.columns.map((name) => markup`<th scope="col" class="private">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
<p class="print-only">At most the first 200 rows of the table are printed.</p>
</section>`;
}

function renderFilter({value, label, count}: RowList['filters'][number]): Markup {
  const checked = value === '' ? markup` checked` : '';
  return markup`<label class="choice"><input type="radio" name="filter" value="${value}"${checked}><span>${label} <span class="count">${number(count)}</span></span></label>
`;
}

/** How a row stands, with the colour of an outcome. */
export function badge(tone: string, label: string): Markup {
  return markup`<span class="badge ${tone}">${label}</span>`;
}
