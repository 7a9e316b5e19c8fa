import {expect, it} from 'vitest';
import {localTime} from '../src/local-time.ts';

const wall = Date.parse('2026-11-23T23:10:05Z');
const paris = 'Europe/Paris';

it.each([
  [{timezone: 'Etc/UTC', now: wall}, '23:10 UTC'],
  [{timezone: 'Etc/UTC'}, '2026-11-23 23:10 UTC'],
  [{timezone: 'Europe/London', now: wall}, '23:10 UTC'],
  [{timezone: paris, now: wall, isShort: true}, '00:10:05'],
  [{timezone: 'America/New_York', now: wall}, '18:10 (23:10 UTC)'],
  [{timezone: '-03:30', now: wall}, '19:40 (23:10 UTC)'],
  [{timezone: 'Asia/Kolkata', now: wall}, '04:40 (2026-11-23 23:10 UTC)'],
  [{timezone: paris, now: wall - 3_600_000}, '2026-11-24 00:10 (2026-11-23 23:10 UTC)'],
])('%j: %s', (options, text) => {
  expect(localTime(wall, options)).toBe(text);
});

it('UTC, the default of --timezone, stands for the zone of this machine', () => {
  const offset = new Date(wall).getTimezoneOffset();
  expect(localTime(wall, {timezone: 'UTC'})).toBe(localTime(wall));
  expect(/\(/.test(localTime(wall))).toBe(offset !== 0);
});
