import type {RequestTimeline} from '../../journal/request-timeline.ts';
import {clockSeconds, clockTime, day, duration, moment, number, rate} from '../../page/format.ts';
import {markup, type Markup} from '../../page/markup.ts';

/** A limit this high is none: a sandbox, a server of one's own. */
const unlimitedPerSecond = 200;
const msPerDay = 86_400_000;

interface Requests {
  timeline: RequestTimeline;
  totals: {total: number; writes: number; reads: number; refused: number};
  timezone: string;
}

/** When requests were sent, beside the limits of the API: how many a second, and how much of each hour's budget. */
export function renderRequests({timeline, totals, timezone}: Requests): Markup {
  const buckets = timeline.buckets();
  const {limits, width} = timeline;
  const isLimited = limits !== undefined && limits.perSecond < unlimitedPerSecond;
  const allowed = isLimited
    ? ` It may send ${rate(limits.perSecond)} a second and ${number(limits.perHour)} an hour.`
    : '';
  const panels = [
    {
      title: 'Requests a second',
      values: buckets.map(({sent}) => (sent * 1000) / width),
      limit: isLimited ? limits.perSecond : undefined,
      write: rate,
      kind: 'pace',
    },
    {
      title: 'Used of the hour’s budget',
      values: buckets.map(({hourUsed}) => hourUsed),
      limit: isLimited ? limits.perHour : undefined,
      write: number,
      kind: 'budget',
    },
  ] satisfies Panel[];
  const range = {start: buckets[0]?.start ?? 0, end: (buckets.at(-1)?.start ?? 0) + width};
  const figure = markup`<figure>
${panels.map((panel) => renderPanel(panel, range))}<figcaption>From ${moment(range.start, timezone)} to ${moment(range.end, timezone)}. Each bar stands for ${duration(width)}; times are UTC.${planned(timeline)}</figcaption>
</figure>`;
  return markup`<section class="requests" aria-labelledby="requests">
<h2 id="requests">Requests over time</h2>
<p>${describeTotals(totals)}${allowed}</p>
${buckets.length > 1 ? figure : ''}
</section>`;
}

function describeTotals({total, writes, reads, refused}: Requests['totals']): string {
  if (total === 0) return 'The run sent none.';
  const all = `The run sent ${number(total)} ${total === 1 ? 'request' : 'requests'}: ${number(writes)} to write, ${number(reads)} to read and to sign in.`;
  return refused > 0 ? `${all} ${number(refused)} came too soon for the API, which turned them away.` : all;
}

function planned({planned: count}: RequestTimeline): string {
  if (count === 0) return '';
  const requests = count === 1 ? 'The one request' : `The ${number(count)} requests`;
  return ` ${requests} made while planning, before the first row was sent, are in the lower picture only.`;
}

interface Panel {
  title: string;
  values: readonly number[];
  limit: number | undefined;
  write: (value: number) => string;
  kind: 'pace' | 'budget';
}

interface Range {
  start: number;
  end: number;
}

const top = 6;
const height = 84;
const bottom = top + height;
const axis = 22;
/** Of a bar: what was sent is visible, however far below the limit. */
const minBarHeight = 1.5;

/**
 * Drawn so that it stretches with the page while its text keeps its size: shapes in a nested SVG without an aspect
 * ratio, text at percentages.
 */
function renderPanel({title, values, limit, write, kind}: Panel, range: Range): Markup {
  const peak = Math.max(...values);
  const max = Math.max(peak, limit ?? 0, Number.MIN_VALUE) * 1.04;
  const heightOf = (value: number) => Number(Math.max(minBarHeight, (height * value) / max).toFixed(2));
  const limitWords = limit === undefined ? '' : markup` · <span class="limit">limit ${write(limit)}</span>`;
  const label = `${title}: at most ${write(peak)}${limit === undefined ? '' : `, the limit is ${write(limit)}`}`;
  const width = kind === 'pace' ? 0.8 : 1;
  const bars = values.map((value, at) =>
    value > 0
      ? markup`<rect x="${at}" y="${(height - heightOf(value)).toFixed(2)}" width="${width}" height="${heightOf(value)}"/>`
      : '',
  );
  const limitLine =
    limit === undefined
      ? ''
      : markup`<line class="limit" x1="0" x2="100%" y1="${bottom - heightOf(limit)}" y2="${bottom - heightOf(limit)}"/>`;
  return markup`<p class="chart-title" aria-hidden="true"><strong>${title}</strong> <span>at most ${write(peak)}${limitWords}</span></p>
<svg class="chart ${kind}" role="img" aria-label="${label}" width="100%" height="${bottom + axis}">
<svg y="${top}" width="100%" height="${height}" viewBox="0 0 ${values.length} ${height}" preserveAspectRatio="none">${bars}</svg>
<line class="base" x1="0" x2="100%" y1="${bottom}" y2="${bottom}"/>${limitLine}
${marks(range)}</svg>
`;
}

/** Distances between marks on the time axis, in seconds. */
const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
const maxMarks = 5;

/** Round times, written as short as they are clear. */
function marks({start, end}: Range): Markup[] {
  const fitting = steps.find((seconds) => end - start <= seconds * 1000 * maxMarks);
  const step =
    fitting === undefined ? Math.ceil((end - start) / msPerDay / maxMarks) * msPerDay : fitting * 1000;
  const isOneDay = Math.floor(start / msPerDay) === Math.floor((end - 1) / msPerDay);
  // Text at an edge stands inside of it, where on a phone its neighbour's is.
  const isCrowded = step < 60_000 && step / (end - start) < 0.3;
  const drawn: Markup[] = [];
  for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
    const time = step < 60_000 ? clockSeconds(at) : clockTime(at);
    const text = step >= msPerDay ? day(at) : isOneDay ? time : `${day(at)} ${time}`;
    const share = (at - start) / (end - start);
    const x = `${(share * 100).toFixed(2)}%`;
    const anchor = share < 0.06 ? 'start' : share > 0.94 ? 'end' : 'middle';
    const label =
      anchor !== 'middle' && isCrowded
        ? ''
        : markup`<text x="${x}" y="${bottom + 18}" text-anchor="${anchor}">${text}</text>`;
    drawn.push(markup`<line class="base" x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/>${label}
`);
  }
  return drawn;
}
