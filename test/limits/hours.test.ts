import {describe, expect, it} from 'vitest';
import {generator} from '../helpers/harness/random-kills.ts';
import {HourServer, type HourServerOptions, type HourWindow, idealOf, maxInAnHour} from './hour-server.ts';
import {measureHours, type MeasureOptions} from './measure-hours.ts';
import {simulate} from './simulate.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 23, 8, 37, 11);
const length = 3 * hour + 25 * minute;
const windows: HourWindow[] = ['fixed', 'clock', 'sliding'];

const measure = (options: HourServerOptions, more: MeasureOptions = {}) =>
  measureHours(options, {start, lengthMs: length, ...more});

const each = windows.flatMap((window) => [true, false].map((retryAfter) => ({window, retryAfter})));

describe('whatever an hour is to the API, a client that knows what is left', () => {
  it.each(each)('uses it up: $window, Retry-After $retryAfter', (given) => {
    const {share, refusedAnHour} = measure({...given, perHour: 1200, headers: true});
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(refusedAnHour).toBeLessThanOrEqual(2);
  });

  it.each(each)(
    'uses it up beside a client that takes a third: $window, Retry-After $retryAfter',
    (given) => {
      const {share, refusedAnHour} = measure({...given, perHour: 1200, headers: true, otherEvery: 9000});
      expect(share).toBeGreaterThanOrEqual(0.99);
      expect(refusedAnHour).toBeLessThanOrEqual(2);
    },
  );

  // A probe that arrives a moment too early is followed by another one after a minute, not after half an hour.
  it.each(each)(
    'uses it up though requests take up to 4 s there: $window, Retry-After $retryAfter',
    (given) => {
      const random = generator(7);
      const {share, refusedAnHour} = measure(
        {...given, perHour: 1200, headers: true},
        {wayMs: () => 50 + 4000 * random(), concurrency: 16},
      );
      expect(share).toBeGreaterThanOrEqual(0.98);
      expect(refusedAnHour).toBeLessThanOrEqual(2);
    },
  );

  it.each(windows)('learns what the hour is: from then on nothing is refused: %s', (window) => {
    const options = {window, retryAfter: false, perHour: 300, headers: true};
    const {share, refused} = measure(options, {lengthMs: 4 * hour});
    expect(refused).toBeLessThanOrEqual(2);
    expect(share).toBeGreaterThanOrEqual(0.99);
  });

  it('goes by the clock of the API, which may be minutes off', () => {
    const options = {window: 'clock', retryAfter: false, perHour: 300, headers: true} as const;
    const {share, refused} = measure(options, {serverAhead: -17 * minute});
    expect(refused).toBe(1);
    expect(share).toBeGreaterThanOrEqual(0.99);
  });

  it.each(windows)('takes two hours and two minutes for 2,600 rows from the full hour on: %s', (window) => {
    const from = Date.UTC(2026, 10, 23, 9);
    const lengthMs = 1.03 * (121 * minute + 40_000);
    const options = {window, retryAfter: false, perHour: 1200, headers: true};
    expect(measure(options, {start: from, lengthMs}).server.admitted.length).toBeGreaterThanOrEqual(2600);
  });
});

describe('where the API says nothing of its limits, the own account', () => {
  it.each(each)('serves as well: $window, Retry-After $retryAfter', (given) => {
    const {share, refusedAnHour} = measure({...given, perHour: 1200, headers: false});
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(refusedAnHour).toBeLessThanOrEqual(2);
  });

  it('begins anew with the hour, though another client used up a part of the last one', () => {
    const options = {
      window: 'clock',
      retryAfter: false,
      perHour: 1200,
      headers: false,
      otherEvery: 9000,
    } as const;
    const {share, refusedAnHour} = measure(options);
    expect(share).toBeGreaterThanOrEqual(0.99);
    expect(refusedAnHour).toBeLessThanOrEqual(5);
  });

  it.each(windows)('does not stop a client whose limit is lower than documented: %s', (window) => {
    const options = {window, retryAfter: false, perHour: 150, headers: false};
    const {share, refusedAnHour} = measure(options, {lengthMs: 4 * hour + 25 * minute});
    expect(share).toBeGreaterThanOrEqual(0.97);
    expect(refusedAnHour).toBeLessThanOrEqual(6);
  });
});

describe('an hour that several processes share', () => {
  it.each(each)('is used up, and nobody gets too little of it: $window, Retry-After $retryAfter', (given) => {
    const random = generator(3);
    const server = new HourServer({...given, perHour: 300, headers: true}, start);
    const arrive = (now: number) => ({result: server.arrive(now), workMs: random() * 600});
    const lengthMs = 2.25 * hour;
    const {sent} = simulate({server: {arrive}, start, lengthMs, processes: 4, random});
    const ideal = idealOf({...given, perHour: 300, headers: true}, start, start + lengthMs);
    expect(server.admitted.length / ideal).toBeGreaterThanOrEqual(0.97);
    expect(maxInAnHour(server.refused)).toBeLessThanOrEqual(2);
    const shares = sent.map((own) => own.length / sent.flat().length);
    expect(Math.min(...shares)).toBeGreaterThan(0.2);
  });
});
