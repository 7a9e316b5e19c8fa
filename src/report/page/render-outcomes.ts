import {type Counts, type Outcome, outcomes} from '../../outcome.ts';
import {number, share} from './format.ts';
import {markup, type Markup} from './markup.ts';
import {outcomeWords} from './outcome-words.ts';

const barWidth = 1000;
/** Three rows of a million are still visible. */
const minSegmentWidth = 6;
const gap = 3;

/** The counts: a bar of all rows, and under it a tile for each outcome that occurred, which is its legend. */
export function renderOutcomes(counts: Counts, all: number): Markup {
  const present = outcomes.filter((outcome) => counts[outcome] > 0);
  if (present.length === 0) return markup``;
  const description = present
    .map((outcome) => `${outcomeWords[outcome].label} ${number(counts[outcome])}`)
    .join(', ');
  return markup`<section class="outcomes" aria-labelledby="outcomes">
<h2 id="outcomes">Rows by outcome</h2>
<svg class="bar" role="img" aria-label="Of ${number(all)}: ${description}" width="100%" height="16" viewBox="0 0 ${barWidth} 16" preserveAspectRatio="none">
${segments(present, counts, all)}</svg>
<ul class="tiles">
${present.map((outcome) => tile(outcome, counts[outcome], all))}</ul>
</section>`;
}

function segments(present: readonly Outcome[], counts: Counts, all: number): Markup[] {
  const wanted = present.map((outcome) => Math.max(minSegmentWidth, (counts[outcome] / all) * barWidth));
  const scale = (barWidth - gap * (present.length - 1)) / wanted.reduce((sum, width) => sum + width, 0);
  let x = 0;
  return present.map((outcome, at) => {
    const width = (wanted[at] ?? 0) * scale;
    const segment = markup`<rect class="fill ${outcome}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="16"/>
`;
    x += width + gap;
    return segment;
  });
}

function tile(outcome: Outcome, count: number, all: number): Markup {
  const {label, about} = outcomeWords[outcome];
  return markup`<li class="tile ${outcome}"><span class="label"><span class="dot"></span>${label}</span> <strong>${number(count)}</strong> <span class="about">${share(count, all)}, ${about}</span></li>
`;
}
