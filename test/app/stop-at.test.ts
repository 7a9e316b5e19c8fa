import {expect, it, onTestFinished} from 'vitest';
import {stopAt} from '../../src/app/steps/stop-at.ts';
import {StopSignal} from '../../src/stop-signal.ts';
import {FakeClock} from '../helpers/fake-clock.ts';

const minute = 60_000;
const now = new Date(2026, 10, 23, 5, 0).getTime();
const halfPastSix = 6 * 60 + 30;

function begin(until?: number) {
  const clock = new FakeClock(now);
  const stop = new StopSignal();
  const deadline = stopAt({until}, stop, clock);
  onTestFinished(deadline.cancel);
  return {clock, stop, deadline};
}

it('a run without --until goes on', async () => {
  const {clock, stop, deadline} = begin();
  await clock.advance(48 * 60 * minute);
  deadline.check();
  expect([stop.reason, clock.slept]).toEqual([undefined, []]);
});

it.each([
  ['at once where the time has come', halfPastSix, 90 * minute],
  ['tomorrow where it is over for today', 4 * 60, 23 * 60 * minute],
  ['tomorrow where it is now', 5 * 60, 24 * 60 * minute],
])('a run stops %s', async (_, until, ms) => {
  const {clock, stop} = begin(until);
  await clock.advance(ms - 1);
  expect(stop.reason).toBeUndefined();
  await clock.advance(1);
  expect(stop.reason).toBe('until');
});

it.each([2 * 60 * minute, 90 * minute, 20 * 60 * minute])(
  'a laptop that was suspended for %d ms stops its run within half a minute',
  async (suspendedMs) => {
    const {clock, stop} = begin(halfPastSix);
    await clock.advance(10 * minute);
    clock.setWall(suspendedMs);
    await clock.advance(30_000);
    expect(stop.reason).toBe('until');
  },
);

it('a suspended laptop writes nothing once it wakes: the wall clock is compared before each write', async () => {
  const {clock, stop, deadline} = begin(halfPastSix);
  await clock.advance(10 * minute);
  deadline.check();
  expect(stop.reason).toBeUndefined();
  clock.setWall(2 * 60 * minute);
  deadline.check();
  expect(stop.reason).toBe('until');
});

it('a clock that is set back gives the run no longer a sleep than half a minute', async () => {
  const {clock, stop} = begin(halfPastSix);
  clock.setWall(-60 * minute);
  await clock.advance(149 * minute);
  expect(stop.reason).toBeUndefined();
  await clock.advance(minute);
  expect(stop.reason).toBe('until');
  expect(Math.max(...clock.slept)).toBe(30_000);
});

it('a run that has ended is not stopped any more', async () => {
  const {clock, stop, deadline} = begin(halfPastSix);
  deadline.cancel();
  await clock.advance(120 * minute);
  deadline.check();
  expect(stop.reason).toBeUndefined();
});
