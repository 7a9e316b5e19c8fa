import type {Limits} from '../api/limiter.ts';
import type {Counts} from '../outcome.ts';
import {scheduleOf} from '../run/schedule.ts';

export interface ProgressState {
  counts: Readonly<Counts>;
  /** Rows a second in the last moments; undefined at the start. */
  rate: number | undefined;
  limits: Limits;
  /** Wall time, ms since 1970. */
  now: number;
}

const barWidth = 20;

/**
 * How a run stands: bar, rows, rate, outcomes, when it ends, and what is left of the hour. One line where all but bar
 * and hour fit into `width`, and two elsewhere, of which each leaves out what does not fit. The end is worked out from
 * the budget and not from the rate so far, which is wrong as soon as the hour is used up. Pure.
 */
export function progressLine({counts, rate, limits, now}: ProgressState, width: number): string[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const open = counts.not_started + counts.in_doubt;
  const done = all - open;
  const filled = all === 0 ? barWidth : Math.floor((done / all) * barWidth);
  const outcomes = (['created', 'updated', 'unchanged', 'failed', 'invalid', 'in_doubt'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`);
  const {left, sharers = 1} = limits;
  // As if all who share went on for as long as this run.
  const share = {
    perSecond: limits.perSecond / sharers,
    perHour: limits.perHour / sharers,
    left: Math.floor(left / sharers),
  };
  const {seconds, finishesAt} = scheduleOf(counts.not_started, share, now);
  const end = open > 0 ? [`${duration(seconds)} left`, `until ${clockTime(Date.parse(finishesAt))}`] : [];
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
  const rows = [`${done}/${all} rows`, ...(rate === undefined ? [] : [perSecond(rate)])];
  const others = sharers > 1 ? ` (shared by ${sharers})` : '';
  const hour = `${left} requests left this hour${others}`;
  const telling = [...rows, ...outcomes, ...end];
  const lines = [[bar, ...telling, hour], [bar, ...telling], telling];
  const line = lines.map(join).find(({length}) => length <= width);
  if (line !== undefined) return [line];
  return [fitting([...rows, ...end], width), fitting([...outcomes, hour], width)].filter(
    (each) => each !== '',
  );
}

const join = (parts: readonly string[]) => parts.join('  ');

function fitting(parts: readonly string[], width: number): string {
  const most = parts.findLastIndex((_, at) => join(parts.slice(0, at + 1)).length <= width);
  return join(parts.slice(0, most + 1));
}

/** `2.0/s`, `350/s`. */
function perSecond(rate: number): string {
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

/** `2 h 05 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds % 60),
  ];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
}

/** Local time of day with seconds. */
export function clockTime(wall: number): string {
  return new Date(wall).toTimeString().slice(0, 8);
}
