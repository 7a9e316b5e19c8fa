import type {Clock} from '../../clock.ts';
import type {StopSignal} from '../../stop-signal.ts';

export interface TimeWindow {
  /** Local time of day, in minutes since midnight, at which the run stops. */
  until?: number | undefined;
}

/** Stops the run at the next `until`. Returns what takes that back. */
export function stopAt({until}: TimeWindow, stop: StopSignal, clock: Clock): () => void {
  const ended = new AbortController();
  if (until !== undefined) {
    const now = new Date(clock.wall());
    const end = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, until);
    if (end <= now) end.setDate(end.getDate() + 1);
    void clock.sleep(end.getTime() - now.getTime(), ended.signal).then(() => {
      if (!ended.signal.aborted) stop.request('until');
    });
  }
  return () => ended.abort();
}
