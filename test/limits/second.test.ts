import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {generator} from '../helpers/harness/random-kills.ts';
import {SecondServer, type SecondServerOptions, type SecondWindow} from './second-server.ts';
import {simulate, type SimulateOptions} from './simulate.ts';

const start = Date.UTC(2026, 10, 23, 8, 37, 11);
const hour = 3_600_000;
const windows: SecondWindow[] = ['sliding', 'clock', 'leaky'];

function run(options: Partial<SecondServerOptions>, more: Partial<SimulateOptions> = {}) {
  const server = new SecondServer({
    window: 'sliding',
    perSecond: 2,
    workMs: () => 5,
    runtime: true,
    ...options,
  });
  const {end} = simulate({server, start, lengthMs: hour, requests: 80, random: generator(3), ...more});
  return {refused: server.refused.length, admitted: server.admitted, seconds: (end - start) / 1000};
}

/** A way to the server that takes 15 ms and up to `jitterMs` more. */
function network(jitterMs: number, seed = 42): Partial<SimulateOptions> {
  const random = generator(seed);
  const wayMs = () => 15 + jitterMs * random();
  return {wayMs, backMs: wayMs};
}

describe('a network on which requests take turns to be late', () => {
  it('that is even: nothing is refused, and the limit is used', () => {
    const {refused, seconds} = run({}, {requests: 40, ...network(0)});
    expect(refused).toBe(0);
    expect(seconds).toBeLessThanOrEqual(21);
  });

  it.each([
    [60, 46],
    [200, 52],
  ])('by up to %i ms: 80 rows with two refusals at most, in %i s', (jitterMs, maxSeconds) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const {refused, seconds, admitted} = run({}, network(jitterMs, seed));
      expect(admitted).toHaveLength(80 - refused);
      expect(refused).toBeLessThanOrEqual(2);
      expect(seconds).toBeLessThanOrEqual(maxSeconds);
    }
  });

  it.each(windows)(
    'without X-Runtime, a second that is counted as %s: learns its distance from refusals',
    (window) => {
      const {refused, admitted, seconds} = run({window, runtime: false}, {requests: 300, ...network(200)});
      expect(admitted.length).toBeGreaterThanOrEqual(300 - refused);
      expect(refused).toBeLessThanOrEqual(15);
      expect(seconds).toBeLessThanOrEqual(1.5 * 150);
    },
  );
});

describe('a server that works on each request for 0.1 to 2 s', () => {
  it.each([true, false])('X-Runtime %s: nothing is refused, and the pace is even', (runtime) => {
    const random = generator(11);
    const workMs = () => 100 + 1900 * random();
    const {refused, seconds} = run({runtime, workMs}, {requests: 200, concurrency: 16});
    expect(refused).toBe(0);
    expect(seconds).toBeLessThanOrEqual(1.05 * 100 + 2);
  });
});

it.each(['sliding', 'clock'] as const)(
  'a second that is counted as %s: once a network is known, what it delays is hardly ever refused',
  (window) => {
    const runs = 24;
    let late = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const random = generator(seed);
      const [perSecond, jitterMs] = [2 + (seed % 11), 60 + 10 * seed];
      const server = new SecondServer({window, perSecond, workMs: () => 700 * random(), runtime: true});
      const wayMs = () => 10 + jitterMs * random();
      const shape = {requests: 240, processes: 1 + (seed % 3), concurrency: 32};
      simulate({server, start, lengthMs: hour, wayMs, backMs: () => 10, random, ...shape});
      const known = server.admitted[40] ?? Infinity;
      late += server.refused.filter((at) => at > known).length;
    }
    expect(late).toBeLessThanOrEqual(runs / 4);
  },
);

describe('several processes on one limit, 0 to 60 ms of jitter', () => {
  it.each([2, 4, 10])('%i of them: nearly all of it is used, and two are refused at most', (processes) => {
    let [sent, seconds] = [0, 0];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const shape = {requests: 300, processes, concurrency: 4};
      const {refused, admitted} = run({}, {...network(60, seed), backMs: () => 15, ...shape});
      expect(refused).toBeLessThanOrEqual(2);
      sent += admitted.length;
      seconds += ((admitted.at(-1) ?? Infinity) - (admitted[0] ?? 0)) / 1000;
    }
    expect(sent / seconds / 2).toBeGreaterThanOrEqual(0.95);
  });
});

describe('whatever the server and the network are like', () => {
  const servers = fc.record({
    window: fc.constantFrom(...windows),
    perSecond: fc.integer({min: 1, max: 12}),
    jitterMs: fc.integer({min: 0, max: 300}),
    workMs: fc.integer({min: 0, max: 1500}),
    runtime: fc.boolean(),
    processes: fc.integer({min: 1, max: 4}),
    lostIn20: fc.integer({min: 0, max: 2}),
    seed: fc.integer({min: 1, max: 1 << 20}),
  });
  const requests = 60;

  it('each request is sent; where the server says how long it worked, few are refused', () => {
    fc.assert(
      fc.property(servers, ({window, jitterMs, lostIn20, seed, processes, ...given}) => {
        const random = generator(seed);
        const wayMs = () => (random() < lostIn20 / 20 ? undefined : 10 + jitterMs * random());
        const server = new SecondServer({...given, window, workMs: () => given.workMs});
        const {sent} = simulate({
          server,
          start,
          lengthMs: 2 * hour,
          requests,
          processes,
          concurrency: 32,
          wayMs,
          backMs: wayMs,
          random,
        });
        expect(sent.flat()).toHaveLength(requests);
        // A bucket that leaks evenly refuses what comes closer than the even distance, however late it left.
        const maxRefused = given.runtime && window !== 'leaky' ? requests / 10 : requests / 2;
        expect(server.refused.length).toBeLessThanOrEqual(maxRefused);
      }),
      {numRuns: 100},
    );
  });
});
