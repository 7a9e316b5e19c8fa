import {zoneOffsetMs} from '../zone-offset.ts';
import {markup, type Markup} from './markup.ts';

/** Numbers and times as text that is the same on every machine: no locale, no time zone, no clock. */

/** `1,234,567` */
export function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 row`, `1,200 rows` */
export function rows(count: number): string {
  return `${number(count)} ${count === 1 ? 'row' : 'rows'}`;
}

/** Never 0 % of something, never 100 % of less than all. */
export function share(part: number, whole: number): string {
  if (part === 0 || part === whole) return part === 0 ? '0 %' : '100 %';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return 'under 0.1 %';
  return percent < 9.95 ? `${percent.toFixed(1)} %` : `${Math.min(99, Math.round(percent))} %`;
}

/** Requests a second: `2`, `1.9`, `0.33`, `140`. */
export function rate(perSecond: number): string {
  return number(Number(perSecond.toFixed(perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2)));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23 Nov` of a time in ms since 1970, UTC. */
export function day(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''}`;
}

/** `08:42` */
export function clockTime(time: number): string {
  return new Date(time).toISOString().slice(-13, -8);
}

/** `08:42:05` */
export function clockSeconds(time: number): string {
  return new Date(time).toISOString().slice(-13, -5);
}

/**
 * `23 Nov 2026, 08:42 UTC`, or `23 Nov 2026, 09:42 Europe/Paris (08:42 UTC)`; the page's script adds the reader's own time.
 */
export function moment(time: number, zone = 'UTC'): Markup {
  const offset = zoneOffsetMs(time, zone);
  const shown = `${date(time + offset)}, ${clockTime(time + offset)}`;
  const isSameDay = day(time) === day(time + offset);
  const utc = ` (${isSameDay ? '' : `${day(time)}, `}${clockTime(time)} UTC)`;
  return markup`<time datetime="${new Date(time).toISOString()}" data-offset="${-offset / 60_000 || 0}">${shown} ${offset === 0 ? 'UTC' : zone}</time>${offset === 0 ? '' : markup`<span>${utc}</span>`}`;
}

/** `23 Nov 2026` */
function date(time: number): string {
  const iso = new Date(time).toISOString();
  return `${day(time)} ${iso.slice(0, iso.indexOf('-', 1))}`;
}

/** `2 h 5 min`, `3 min 20 s`, `12 s` */
export function duration(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 1) return 'less than a second';
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${number(amount)} ${unit}`)
    .join(' ');
}
