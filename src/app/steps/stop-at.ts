import type {Clock} from '../../clock.ts';
import type {StopSignal} from '../../stop-signal.ts';

export interface TimeWindow {
  /** Local time of day, in minutes since midnight, at which the run stops. */
  until?: number | undefined;
}

export interface Deadline {
  /** Compares the wall clock, and stops the run where the time has come. */
  check: () => void;
  cancel: () => void;
}

const maxSleepMs = 30_000;

/**
 * Stops the run at the next `until`. The clock of timers stands still while a laptop is suspended, so the wall clock is
 * compared twice a minute; a sender calls `check` before each write.
 */
export function stopAt({until}: TimeWindow, stop: StopSignal, clock: Clock): Deadline {
  const cancelled = new AbortController();
  const end = until === undefined ? Infinity : nextTimeOfDay(until, clock.wall());
  const check = () => {
    if (clock.wall() >= end && !cancelled.signal.aborted) stop.request('until');
  };
  const watch = async () => {
    while (!stop.signal.aborted && !cancelled.signal.aborted) {
      await clock.sleep(Math.min(maxSleepMs, end - clock.wall()), cancelled.signal);
      check();
    }
  };
  if (until !== undefined) void watch();
  return {check, cancel: () => cancelled.abort()};
}

function nextTimeOfDay(minutes: number, now: number): number {
  const end = new Date(now);
  end.setHours(0, minutes, 0, 0);
  if (end.getTime() <= now) end.setDate(end.getDate() + 1);
  return end.getTime();
}
