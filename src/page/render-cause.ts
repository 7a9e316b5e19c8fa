import {number} from './format.ts';
import {markup, type Markup} from './markup.ts';

/** Rows that have the same thing wrong: what it is, what to do, where. */
export interface RenderedCause {
  title: string;
  /** How many, in words. */
  count: string;
  advice: string;
  /** Messages, examples. */
  quotes: readonly Markup[];
  where: string;
  code: string;
  /** What finds its rows in the list: the filter, and words to search for. */
  filter: string;
  search: string;
}

export function renderCauses(causes: readonly RenderedCause[]): Markup {
  return markup`
<ul class="causes">
${causes.map(renderCause)}</ul>`;
}

function renderCause({title, count, advice, quotes, where, code, filter, search}: RenderedCause): Markup {
  const about = code
    ? markup`<p class="where"><code>${code}</code> <button type="button" data-filter="${filter}" data-search="${search}" hidden>Show in the table</button></p>`
    : '';
  return markup`<li>
<div><h4>${title} <span class="count">${count}</span></h4>
<p>${advice}</p></div>
<div>${quotes}<p class="where">${where}</p>${about}</div>
</li>
`;
}

export function quote(message: string, times = 1): Markup {
  const often = times > 1 ? markup` <span class="count">${number(times)} times</span>` : '';
  return markup`<blockquote><bdi>${message}</bdi>${often}</blockquote>
`;
}

export interface Panel {
  /** Class and id: an outcome, whose colour it has. */
  tone: string;
  title: string;
  count: string;
  content: Markup;
}

export function renderPanel({tone, title, count, content}: Panel): Markup {
  return markup`<article class="panel ${tone}" aria-labelledby="a-${tone}">
<h3 id="a-${tone}"><span class="dot"></span>${title} <span class="count">${count}</span></h3>
${content}
</article>
`;
}
