import type {Limits} from '../../limits/limit-call.ts';
import {localTime} from '../../local-time.ts';
import {type Counts, countOf, outcomes, pendingOutcomes} from '../../outcome.ts';
import {type Schedule, scheduleOf} from '../../plan/schedule.ts';

export interface ProgressState {
  /** All zero while it is planned: then only a wait can be shown. */
  counts: Readonly<Counts>;
  /** Rows a second in the last moments; undefined at the start. */
  rate: number | undefined;
  /** Undefined while it is planned. */
  limits: Limits | undefined;
  /** Wall time, ms since 1970. */
  now: number;
  /** In which times are shown. */
  timezone?: string | undefined;
  /** Why nothing is sent now, and what is left of that. */
  waiting?: {why: string; end: string} | undefined;
}

/** Two sizes only: a bar that gave way to every further digit would wobble. */
const barWidths = [20, 10];
const minBarWidth = 10;
const gap = '  ';

/**
 * How a run stands: bar, rows, rate, outcomes, when it ends, and what is left of the hour; while it waits, why and how
 * long instead of the end. One line where all but the hour and a part of the bar fit into `width`, and two elsewhere, of
 * which each leaves out what does not fit. The end is worked out from the budget and not from the rate so far, which is
 * wrong as soon as the hour is used up. Pure.
 */
export function progressLine(state: ProgressState, width: number, withBar = true): string[] {
  const {counts, rate, waiting} = state;
  const all = countOf(counts, outcomes);
  const open = countOf(counts, pendingOutcomes);
  const settled = outcomes
    .filter((outcome) => outcome !== 'not_started' && counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`);
  const rows = all > 0 ? [`${all - open}/${all} rows`] : [];
  const pace = rate === undefined ? [] : [perSecond(rate)];
  const {end, hour, shortHour} = outlook(state);
  /** From the most informative to the shortest, each as the parts of its lines. */
  const layouts = waiting
    ? [
        [[...rows, ...settled, `${waiting.why}: ${waiting.end}`]],
        [[...rows, ...settled], [`${waiting.why}: ${waiting.end}`]],
        [[...rows, waiting.why], [waiting.end]],
        [[waiting.why], [waiting.end]],
      ]
    : [
        [[...rows, ...pace, ...settled, ...end, ...hour]],
        [[...rows, ...pace, ...settled, ...end]],
        [
          [...rows, ...end, ...pace],
          [...settled, ...shortHour],
        ],
      ];
  const fits = (layout: string[][]) => {
    const room = withBar && layout.length === 1 ? width - minBarWidth - gap.length : width;
    return layout.every((parts) => parts.join(gap).length <= room);
  };
  const [first = '', ...others] = (layouts.find(fits) ?? layouts.at(-1) ?? []).map((parts) =>
    fitting(parts, width),
  );
  const bar = withBar && all > 0 ? barWidths.find((size) => first.length + gap.length + size <= width) : 0;
  const barred = bar ? barOf((all - open) / all, bar) + gap + first : first;
  return [barred, ...others].filter((line) => line !== '');
}

/** When the run will end, and what is left of the hour. */
function outlook({
  counts,
  limits,
  now,
  timezone,
}: ProgressState): Record<'end' | 'hour' | 'shortHour', string[]> {
  if (!limits) return {end: [], hour: [], shortHour: []};
  const {left, sharers = 1} = limits;
  const {seconds, finishesAt} = endOf(counts, limits, now);
  const isLeft = countOf(counts, pendingOutcomes) > 0;
  return {
    end: isLeft
      ? [
          `${duration(seconds)} left`,
          `until ${localTime(Date.parse(finishesAt), {timezone, now, isShort: true})}`,
        ]
      : [],
    hour: [`${left} requests left this hour${sharers > 1 ? ` (shared by ${sharers})` : ''}`],
    shortHour: [`${left} left this hour`],
  };
}

/** When the rows that are left will have been sent: as if all who share the limits went on for as long as this run. */
export function endOf(
  {not_started: rows}: Readonly<Counts>,
  {perSecond, perHour, left, sharers = 1}: Limits,
  now: number,
): Schedule {
  const budget = {
    perSecond: perSecond / sharers,
    perHour: perHour / sharers,
    left: Math.floor(left / sharers),
  };
  return scheduleOf(rows, budget, now);
}

/** Heavy for what is done and light for the rest, which differ without colours too. */
function barOf(share: number, width: number): string {
  const filled = Math.floor(share * width);
  return '━'.repeat(filled) + '─'.repeat(width - filled);
}

function fitting(parts: readonly string[], width: number): string {
  const last = parts.findLastIndex((_, at) => parts.slice(0, at + 1).join(gap).length <= width);
  return parts.slice(0, last + 1).join(gap);
}

/** `2.0/s`, `350/s`. */
function perSecond(rate: number): string {
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

/** `2 h 05 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = Math.floor(seconds % 60);
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
}
