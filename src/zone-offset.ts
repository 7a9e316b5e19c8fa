/** How far the clocks of `zone` are ahead of UTC at a time (ms since 1970), in ms. 0 for a zone that is not known here. */
export function zoneOffsetMs(time: number, zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  try {
    const parts = new Intl.DateTimeFormat('en', {timeZone: zone, ...digits}).formatToParts(time);
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
    const shown = [part('year'), part('month') - 1, part('day'), part('hour'), part('minute')] as const;
    return Date.UTC(...shown) - Math.floor(time / 60_000) * 60_000;
  } catch {
    return 0;
  }
}

const digits = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
} as const;
