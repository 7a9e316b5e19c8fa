/**
 * Time, as something that can be given: tests run hours in seconds by passing another clock.
 *
 * There are two times. The wall clock can be set; the monotonic one stops while a laptop sleeps (on Linux).
 * Neither alone may decide anything: permission to send counts the smaller of the two, expiry the larger, so
 * that every error makes us wait longer or renew sooner and never send too early.
 */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  wall(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  mono(): number;
  /** Resolves after about `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A moment on both clocks. */
export interface Instant {
  readonly wall: number;
  readonly mono: number;
}

/** setTimeout fires after 1 ms for anything above 2^31 - 1, so long waits are slept in slices. */
const maxTimerMs = 30_000;

export const systemClock: Clock = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  async sleep(ms, signal) {
    const start = performance.now();
    for (;;) {
      const left = ms - (performance.now() - start);
      if (!(left > 0) || signal?.aborted) return;
      await oneTimer(Math.min(left, maxTimerMs), signal);
    }
  },
};

function oneTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.ceil(ms));
    signal?.addEventListener('abort', end, {once: true});
  });
}

export function instant(clock: Clock): Instant {
  return {wall: clock.wall(), mono: clock.mono()};
}

/** Milliseconds that have passed for certain: what a permission to send is counted with. */
export function minElapsedMs(clock: Clock, since: Instant): number {
  return Math.max(0, Math.min(clock.wall() - since.wall, clock.mono() - since.mono));
}

/** Milliseconds that may have passed: what an expiry is counted with. */
export function maxElapsedMs(clock: Clock, since: Instant): number {
  return Math.max(0, clock.wall() - since.wall, clock.mono() - since.mono);
}

/** Waits until `ms` have certainly passed since a moment, or the signal aborts. */
export async function waitSince(
  clock: Clock,
  since: Instant,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const left = ms - minElapsedMs(clock, since);
    if (left <= 0 || signal?.aborted) return;
    await clock.sleep(Math.min(left, maxTimerMs), signal);
  }
}
