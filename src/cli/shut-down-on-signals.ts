import type {Clock} from '../clock.ts';
import type {StopSignal} from '../stop-signal.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `timeout` and `npm` pass on a signal that the terminal or they themselves have given to all of their group: the same
 * one so soon is no second wish.
 */
const echoMs = 30;

/** Containers are given 10 s to stop; two of them are for the journal and the reports. */
const drainMs = 8000;

export interface Shutdown {
  /** The first signal that came, if any. */
  readonly signal: NodeJS.Signals | undefined;
  /** Back to the default: the next signal ends the process. */
  dispose(): void;
}

/**
 * The first signal lets what is on its way come back, for 8 s at most, and takes nothing new; the run then ends in an
 * orderly way and the caller raises the signal again, so that the parent sees what ended the process. The second
 * ends it now: whatever was on its way is in doubt, and its intent is on the disk. (SIGHUP is handled too: Node does
 * not inherit its being ignored from nohup.)
 */
export function shutDownOnSignals(
  stop: StopSignal,
  clock: Clock,
  onFirst: (signal: string) => void,
): Shutdown {
  let first: NodeJS.Signals | undefined;
  let firstAt = 0;
  const handle = (signal: NodeJS.Signals) => {
    if (signal === first && clock.mono() - firstAt < echoMs) return;
    if (first) {
      stop.abortNow();
      dispose();
      // A moment for the journal's flush that may be under way.
      setTimeout(() => process.kill(process.pid, signal), 50);
      return;
    }
    first = signal;
    firstAt = clock.mono();
    onFirst(signal);
    stop.request(signal);
    void stop.abortAfter(drainMs, clock);
  };
  const dispose = () => {
    for (const signal of signals) process.off(signal, handle);
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    get signal() {
      return first;
    },
    dispose,
  };
}
