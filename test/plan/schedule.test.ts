import {describe, expect, it} from 'vitest';
import {scheduleOf} from '../../src/plan/schedule.ts';

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const limits = {perSecond: 2, perHour: 1200, left: 1200};

/** Clock time in Paris and UTC, by another way than the one under test. */
const clockOf = (iso: string) => {
  const utc = new Date(iso).toISOString().slice(11, 16);
  return `${String((Number(utc.slice(0, 2)) + 1) % 24).padStart(2, '0')}${utc.slice(2)} (${utc} UTC)`;
};
const dayOf = (iso: string) => new Date(iso).toLocaleDateString('sv-SE');
const scheduleIn = (requests: number, given: typeof limits, now: number) =>
  scheduleOf(requests, given, now, 'Europe/Paris');

describe('scheduleOf', () => {
  it.each([
    // requests, left, now, thisHour, furtherHours, finishes, seconds
    [0, 1200, '12:10:00', 0, 0, '12:10:00', 0],
    [1, 1200, '12:10:00', 1, 0, '12:10:00.500', 1],
    [1200, 1200, '12:10:00', 1200, 0, '12:20:00', 600],
    [1201, 1200, '12:10:00', 1200, 1, '13:00:00.500', 3001],
    [2400, 1200, '12:10:00', 1200, 1, '13:10:00', 3600],
    [2401, 1200, '12:10:00', 1200, 2, '14:00:00.500', 6601],
    [3700, 100, '12:10:00', 100, 3, '15:10:00', 10_800],
    [10, 0, '12:59:59', 0, 1, '13:00:05', 6],
    [10, -3, '12:59:59', 0, 1, '13:00:05', 6],
    [10, 0, '13:00:00', 0, 1, '13:00:05', 5],
    [10, 0, '13:00:00.001', 0, 1, '14:00:05', 3605],
    // What is left when the hour ends is lost, and the next hour has a budget of its own.
    [600, 1200, '12:55:00', 600, 0, '13:00:00', 300],
    [1800, 1200, '12:55:00', 600, 1, '13:10:00', 900],
    [2400, 1200, '12:55:00', 600, 2, '14:05:00', 4200],
    [1200, 1200, '13:00:00', 1200, 0, '13:10:00', 600],
  ])('%i requests with %i left at %s', (requests, left, now, thisHour, furtherHours, finishes, seconds) => {
    const {text, ...schedule} = scheduleIn(requests, {...limits, left}, at(now));
    const finishesAt = new Date(at(finishes)).toISOString();
    expect(schedule).toEqual({finishesAt, seconds, thisHour, furtherHours});
    expect(text).toContain(`done about ${clockOf(finishesAt)}`);
  });

  it('goes by the limits that it is given', () => {
    expect(scheduleIn(100, {perSecond: 8, perHour: 40, left: 20}, at('12:00:00'))).toMatchObject({
      finishesAt: '2026-11-23T14:00:05.000Z',
      thisHour: 20,
      furtherHours: 2,
    });
  });

  it('says in words when the hour is used up and when it goes on', () => {
    expect(scheduleIn(1, limits, at('12:10:00')).text).toMatch(/^1 request, done about/);
    expect(scheduleIn(1300, limits, at('12:10:00')).text).toBe(
      `1300 requests: the first 1200 until ${clockOf('2026-11-23T12:20Z')}, ` +
        `the rest from ${clockOf('2026-11-23T13:00Z')}; done about ${clockOf('2026-11-23T13:00:50Z')}`,
    );
  });

  it('speaks of no pause at an hour whose budget is not used up', () => {
    expect(scheduleIn(1800, limits, at('12:55:00')).text).toMatch(/^1800 requests, done about/);
    expect(scheduleIn(2400, limits, at('12:55:00')).text).toBe(
      `2400 requests: the first 1800 until ${clockOf('2026-11-23T13:10Z')}, ` +
        `the rest from ${clockOf('2026-11-23T14:00Z')}; done about ${clockOf('2026-11-23T14:05Z')}`,
    );
    const generous = {perSecond: 2, perHour: 1e6, left: 1e6};
    expect(scheduleIn(20_000, generous, at('12:55:00'))).toMatchObject({
      finishesAt: '2026-11-23T15:41:40.000Z',
      text: expect.stringMatching(/^20000 requests, done about/) as string,
    });
  });

  it('gives the date of another day', () => {
    const {text, finishesAt} = scheduleIn(1200 * 30, limits, at('12:00:00'));
    expect(dayOf(finishesAt)).not.toBe(dayOf('2026-11-23T12:00Z'));
    expect(text).toContain(`; done about ${dayOf(finishesAt)} ${clockOf(finishesAt)}`);
  });
});
