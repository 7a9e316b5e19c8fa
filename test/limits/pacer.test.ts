import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Pacer} from '../../src/limits/pacer.ts';
import {systemClock} from '../../src/clock.ts';
import {pass, smallestGap} from './drive-limiter.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 23, 8, 42);

beforeEach(() => void vi.useFakeTimers({now: start}));
afterEach(() => void vi.useRealTimers());

/** Takes turns one after the other and sends each time; tells the monotonic moments. */
function keepSending(pacer: Pacer): {sent: number[]; stop: AbortController} {
  const sent: number[] = [];
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      await pacer.turn();
      await pacer.depart();
      sent.push(systemClock.mono());
    }
  })();
  return {sent, stop};
}

describe('the distance between requests', () => {
  it.each([
    ['a day back', -day],
    ['an hour back', -hour],
    ['to 1970', -start],
    ['an hour ahead', hour],
    ['to 2038', 11 * 365 * day],
  ])('is kept, and no longer than needed, when the wall clock is set %s', async (_what, byMs) => {
    const pacer = new Pacer(systemClock, 2);
    const {sent, stop} = keepSending(pacer);
    await pass(10_000);
    const before = sent.length;
    // The libraries beneath see the same clock.
    vi.setSystemTime(Date.now() + byMs);
    await pass(10_000);
    expect(sent.length - before).toBeGreaterThanOrEqual(18);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(499);
    stop.abort();
    await pass(2000);
  });

  it('is kept by requests whose turns came while the process was held up', async () => {
    const pacer = new Pacer(systemClock, 2);
    const departed: number[] = [];
    // Four have had their turn, and all of them come out of a slow flush together.
    const flush = new Promise((resolve) => setTimeout(resolve, 5000));
    for (let n = 0; n < 4; n++) {
      void pacer
        .turn()
        .then(() => flush)
        .then(() => pacer.depart())
        .then(() => departed.push(systemClock.mono()));
    }
    await pass(20_000);
    expect(departed).toHaveLength(4);
    expect(smallestGap(departed)).toBeGreaterThanOrEqual(499);
  });

  it('follows the rate, up and down', async () => {
    const pacer = new Pacer(systemClock, 2);
    const {sent, stop} = keepSending(pacer);
    await pass(10_000);
    pacer.perSecond = 8;
    await pass(10_000);
    const atEight = sent.length;
    expect(atEight).toBeGreaterThanOrEqual(19 + 75);
    expect(smallestGap(sent)).toBeGreaterThanOrEqual(124);
    pacer.perSecond = 1;
    await pass(10_000);
    expect(sent.length - atEight).toBeLessThanOrEqual(11);
    expect(pacer.perSecond).toBe(1);
    stop.abort();
    await pass(2000);
  });

  it('is none where there is no limit to speak of', async () => {
    const pacer = new Pacer(systemClock, Infinity);
    for (let n = 0; n < 1000; n++) {
      await pacer.turn();
      await pacer.depart();
    }
    expect(Date.now()).toBe(start);
  });
});
