import type {Counts} from '../outcome.ts';
import {scheduleOf} from '../run/schedule.ts';

export interface ProgressState {
  counts: Readonly<Counts>;
  limits: {perSecond: number; perHour: number; left: number};
  /** Wall time, ms since 1970. */
  now: number;
}

const barWidth = 20;

/**
 * One line that tells how a run stands: bar, rows, outcomes, what is left of the hour, and when it ends. The end is
 * worked out from the budget and not from the average so far, which is wrong as soon as the hour is used up.
 * Parts that do not fit are left out, the least telling first. Pure.
 */
export function progressLine({counts, limits, now}: ProgressState, width: number): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const open = counts.not_started + counts.in_doubt;
  const done = all - open;
  const filled = all === 0 ? barWidth : Math.floor((done / all) * barWidth);
  const outcomes = (['created', 'updated', 'unchanged', 'failed', 'invalid', 'in_doubt'] as const)
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${outcome.replace('_', ' ')}`);
  const {seconds, finishesAt} = scheduleOf(counts.not_started, limits, now);
  const end = open > 0 ? `${duration(seconds)} left, until ${clockTime(Date.parse(finishesAt))}` : '';
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
  const rows = `${done}/${all} rows`;
  const hour = `${limits.left} requests left this hour`;
  const parts = [rows, ...outcomes, end, hour, bar].filter((part) => part !== '');
  while (parts.length > 1 && fit(parts).length > width) parts.pop();
  return fit(parts);

  function fit(shown: readonly string[]): string {
    const withBar = shown.includes(bar);
    const words = shown.filter((part) => part !== bar).join('  ');
    return withBar ? `${bar} ${words}` : words;
  }
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
