import type {Outcome} from '../outcome.ts';
import {number, share} from './format.ts';
import {markup, type Markup} from './markup.ts';

/** A part of the rows; its colour is that of an outcome. */
export interface Share {
  tone: Outcome;
  label: string;
  about: string;
  count: number;
}

const barWidth = 1000;
/** Three rows of a million are still visible. */
const minSegmentWidth = 6;
const gap = 3;

/** The counts: a bar of all rows, and under it a tile for each part that has rows, which is its legend. */
export function renderShares(title: string, shares: readonly Share[], all: number): Markup {
  const present = shares.filter(({count}) => count > 0);
  if (present.length === 0) return markup``;
  const description = present.map(({label, count}) => `${label} ${number(count)}`).join(', ');
  return markup`<section class="outcomes" aria-labelledby="outcomes">
<h2 id="outcomes">${title}</h2>
<svg class="bar" role="img" aria-label="Of ${number(all)}: ${description}" width="100%" height="16" viewBox="0 0 ${barWidth} 16" preserveAspectRatio="none">
${segments(present, all)}</svg>
<ul class="tiles">
${present.map((each) => tile(each, all))}</ul>
</section>`;
}

function segments(present: readonly Share[], all: number): Markup[] {
  const wanted = present.map(({count}) => Math.max(minSegmentWidth, (count / all) * barWidth));
  const scale = (barWidth - gap * (present.length - 1)) / wanted.reduce((sum, width) => sum + width, 0);
  let x = 0;
  return present.map(({tone}, at) => {
    const width = (wanted[at] ?? 0) * scale;
    const segment = markup`<rect class="fill ${tone}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="16"/>
`;
    x += width + gap;
    return segment;
  });
}

function tile({tone, label, about, count}: Share, all: number): Markup {
  return markup`<li class="tile ${tone}"><span class="label"><span class="dot"></span>${label}</span> <strong>${number(count)}</strong> <span class="about">${share(count, all)}, ${about}</span></li>
`;
}
