const rememberedMs = 300_000;
const maxRemembered = 200;
/** A slot that is missed by more would come too close to the next, unless this machine often is so late. */
const usualLateMs = 15;
const maxLateMs = 200;
/** What is taken for the spread of a network before so many round trips have shown it. */
const unknownSpreadMs = 100;
const minTrips = 10;

/**
 * How this process' network delays requests. The server worked on a request for as long as its X-Runtime shows, so that
 * the rest of the time until the response was spent on the way, and what is above the shortest way may have come
 * before the server counted the request. Without X-Runtime the time of a response shows nothing of the network. And how
 * late a busy machine wakes this process: giving a slot back for a few milliseconds would cost a whole one.
 */
export class RoundTrips {
  #trips: {at: number; ms: number | undefined; lateMs: number}[] = [];
  #lateness: {at: number; ms: number}[] = [];

  /** @returns how much later than at the earliest the server may have counted the request, as far as known */
  learn(slot: number, departed: number, responded: number, runtimeMs: number | undefined): number {
    const ms = runtimeMs === undefined ? undefined : Math.max(0, responded - departed - runtimeMs);
    const kept = this.#trips.filter(({at}) => responded - at < rememberedMs).slice(1 - maxRemembered);
    this.#trips = [...kept, {at: responded, ms, lateMs: Math.max(0, departed - slot)}];
    return ms === undefined ? 0 : ms - this.#shortestMs;
  }

  /** A request is ready to leave in its slot, or would have been. */
  learnLateness(now: number, ms: number): void {
    if (ms > maxLateMs) return;
    const kept = this.#lateness.filter(({at}) => now - at < rememberedMs).slice(1 - maxRemembered);
    this.#lateness = [...kept, {at: now, ms}];
  }

  /** A request that is ready later than this has missed its slot. */
  get maxLateMs(): number {
    const lateMs = percentile(
      0.99,
      this.#lateness.map(({ms}) => ms),
    );
    return Math.max(usualLateMs, lateMs);
  }

  /** How much later than its slot a request that is still in flight may have been counted. */
  get spreadMs(): number {
    const shortestMs = this.#shortestMs;
    const spreads = this.#trips.map(({ms = shortestMs, lateMs}) => lateMs + ms - shortestMs);
    const unknownMs = this.#trips.length < minTrips ? unknownSpreadMs : 0;
    return Math.max(this.maxLateMs, unknownMs, percentile(0.95, spreads));
  }

  /** The shortest way that there can be: few round trips show one that is longer, and the first one nothing of it. */
  get #shortestMs(): number {
    const known = this.#trips.flatMap(({ms = []}) => ms).sort((one, other) => one - other);
    const [shortest] = known;
    if (shortest === undefined) return 0;
    const medianMs = known[Math.floor(known.length / 2)] ?? 0;
    return Math.max(0, shortest - (4 * medianMs - 2 * shortest) / known.length);
  }
}

function percentile(share: number, values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * values.length)] ?? 0;
}
