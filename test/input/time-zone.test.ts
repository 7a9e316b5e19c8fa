import {expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {zoneResolver} from '../../src/input/time-zone.ts';

const local = (text: string) => {
  const [year, month, day, hour, minute, second] = text.split(/[-T:]/).map(Number);
  return {
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
  };
};

it.each([
  ['Europe/Paris', '2026-11-23T09:00:30', '2026-11-23T08:00:30Z'],
  ['Europe/Paris', '2026-07-01T09:00:00', '2026-07-01T07:00:00Z'],
  ['America/New_York', '2026-11-23T21:00:00', '2026-11-24T02:00:00Z'],
  ['Asia/Kolkata', '2026-01-01T00:00:00', '2025-12-31T18:30:00Z'],
  ['Europe/Paris', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
  ['Europe/Paris', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
])('in %s %s is %s', async (zone, text, instant) => {
  const resolve = await zoneResolver(zone);
  expect(resolve?.(local(text))).toBe(Date.parse(instant));
});

it.each(['2026-03-29T02:00:00', '2026-03-29T02:30:00', '2026-03-29T02:59:59'])(
  'there is no %s where the clocks skip it',
  async (text) => {
    const resolve = await zoneResolver('Europe/Paris');
    expect(resolve).toBeDefined();
    expect(resolve?.(local(text))).toBeUndefined();
  },
);

it('takes a time that the clocks show twice for the earlier one', async () => {
  const resolve = await zoneResolver('Europe/Paris');
  expect(resolve?.(local('2026-10-25T02:30:00'))).toBe(Date.parse('2026-10-25T00:30:00Z'));
});

it.each(['UTC', 'utc', 'Z', 'GMT'])('needs no resolver for %s', async (zone) => {
  expect(await zoneResolver(zone)).toBeUndefined();
});

it.each(['Mars/Olympus', '', 'Europe/Pari', '99'])('refuses %j', async (zone) => {
  const resolving = zoneResolver(zone);
  await expect(resolving).rejects.toBeInstanceOf(UsageError);
  await expect(resolving).rejects.toThrow(`--timezone ${zone} is no time zone`);
});
