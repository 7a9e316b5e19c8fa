import type {Clock} from '../clock.ts';
import type {StopSignal} from '../stop-signal.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `timeout` and `npm` pass on a signal that the terminal, or they themselves, have given to all of their group. The same
 * signal within this time is such a copy.
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
 * After the first signal nothing new is sent, and requests in flight may end for up to 8 s; the run then ends in an
 * orderly way and the caller raises the signal again, so that the parent sees what ended the process. The second signal
 * ends it now: rows in flight are in doubt, and their intents are on the disk. (SIGHUP is handled too: Node does not
 * inherit from nohup that it is ignored.)
 */
export function shutDownOnSignals(
  stop: StopSignal,
  clock: Clock,
  onFirst: (signal: string) => void,
): Shutdown {
  let first: NodeJS.Signals | undefined;
  let firstAt = 0;
  const over = new AbortController();
  const handle = (signal: NodeJS.Signals) => {
    if (signal === first && clock.mono() - firstAt < echoMs) return;
    if (first) {
      stop.abortNow();
      dispose();
      // The journal may be writing.
      setTimeout(() => process.kill(process.pid, signal), 50);
      return;
    }
    first = signal;
    firstAt = clock.mono();
    onFirst(signal);
    stop.request(signal);
    void stop.abortAfter(drainMs, clock, over.signal);
  };
  const dispose = () => {
    // A timer that is left would keep the process from ending.
    over.abort();
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
