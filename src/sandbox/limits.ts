/** `clock`: the hour that a wall clock shows; `fixed`: an hour from the first request on; `sliding`: the hour just past. */
export type HourWindow = 'fixed' | 'clock' | 'sliding';

export interface LimitOptions {
  perSecond: number;
  perHour: number;
  hour: HourWindow;
  hourMs: number;
  secondMs: number;
}

interface Admission {
  /** Whole seconds until the window that refused opens again; undefined when the request was let in. */
  retryAfter: number | undefined;
}

export interface ApiLimits {
  /** Counts an arrival, or refuses it. A refused one uses no budget. */
  admit: (now: number) => Admission;
  /** The four headers, as they stand after the latest request. */
  headers: (now: number) => Record<string, string>;
}

// Two requests that left exactly a second apart can arrive a little less apart: timers, sockets and one busy event loop on
// each side move each of them by a few ms. That is no fault of the client.
const jitterMs = 15;
const unlimitedHeader = 1_000_000;

/** The budgets of one application. The second is a trailing one: stricter than a clock second, which lets in twice as many. */
export function createLimits({perSecond, perHour, hour, hourMs, secondMs}: LimitOptions): ApiLimits {
  const second = slidingWindow(perSecond, secondMs - Math.min(jitterMs, secondMs / 4));
  const hourly =
    hour === 'sliding' ? slidingWindow(perHour, hourMs) : countingWindow(perHour, hourMs, hour === 'clock');
  const shown = (limit: number) => (Number.isFinite(limit) ? limit : unlimitedHeader);
  return {
    admit: (now) => {
      const hourWait = hourly.wait(now);
      if (hourWait > 0) return {retryAfter: Math.ceil(hourWait / 1000)};
      if (second.wait(now) > 0) return {retryAfter: 1};
      hourly.take(now);
      second.take(now);
      return {retryAfter: undefined};
    },
    headers: (now) => ({
      'X-Hourly-RateLimit-Limit': String(shown(perHour)),
      'X-Hourly-RateLimit-Remaining': String(shown(perHour) - hourly.used(now)),
      'X-Secondly-RateLimit-Limit': String(shown(perSecond)),
      'X-Secondly-RateLimit-Remaining': String(shown(perSecond) - second.used(now)),
    }),
  };
}

interface Window {
  /** Milliseconds until one more is allowed, 0 if it is now. */
  wait: (now: number) => number;
  take: (now: number) => void;
  used: (now: number) => number;
}

const uncounted: Window = {wait: () => 0, take: () => undefined, used: () => 0};

function slidingWindow(limit: number, length: number): Window {
  if (!Number.isFinite(limit)) return uncounted;
  const taken: number[] = [];
  const expire = (now: number) => {
    while (taken[0] !== undefined && taken[0] <= now - length) taken.shift();
  };
  return {
    wait: (now) => {
      expire(now);
      return taken.length < limit ? 0 : (taken[0] ?? now) + length - now;
    },
    take: (now) => taken.push(now),
    used: (now) => {
      expire(now);
      return taken.length;
    },
  };
}

function countingWindow(limit: number, length: number, byClock: boolean): Window {
  if (!Number.isFinite(limit)) return uncounted;
  let start = Number.NEGATIVE_INFINITY;
  let count = 0;
  const over = (now: number) => now >= start + length;
  return {
    wait: (now) => (over(now) || count < limit ? 0 : start + length - now),
    take: (now) => {
      if (over(now)) {
        start = byClock ? Math.floor(now / length) * length : now;
        count = 0;
      }
      count++;
    },
    used: (now) => (over(now) ? 0 : count),
  };
}
