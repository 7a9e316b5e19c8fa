import {zoneOffsetMs} from './zone-offset.ts';

/** How a time is shown. */
export interface LocalTimeOptions {
  /** Of `--timezone`. Its default, UTC, stands for the zone of this machine. */
  timezone?: string | undefined;
  /** The date is left out where it is that of this time, ms since 1970. */
  now?: number | undefined;
  /** With seconds and without UTC, for a line that is drawn again and again. */
  isShort?: boolean;
}

/** A time in ms since 1970 for people: `09:42 (08:42 UTC)`, `08:42 UTC`, `2026-11-24 00:10 (2026-11-23 23:10 UTC)`. */
export function localTime(
  wall: number,
  {timezone = 'UTC', now, isShort = false}: LocalTimeOptions = {},
): string {
  const zone = /^(?:UTC|Z|GMT)$/i.test(timezone) ? undefined : timezone;
  const local = parts(wall, zone);
  const utc = parts(wall, 'UTC');
  const date = now !== undefined && parts(now, zone).date === local.date ? '' : `${local.date} `;
  if (isShort) return date + local.seconds;
  if (local.date === utc.date && local.time === utc.time) return `${date}${local.time} UTC`;
  return `${date}${local.time} (${local.date === utc.date ? '' : `${utc.date} `}${utc.time} UTC)`;
}

function parts(wall: number, zone: string | undefined): {date: string; time: string; seconds: string} {
  const offset = zone === undefined ? new Date(wall).getTimezoneOffset() * -60_000 : zoneOffsetMs(wall, zone);
  const text = new Date(wall + offset).toISOString();
  return {date: text.slice(0, 10), time: text.slice(11, 16), seconds: text.slice(11, 19)};
}
