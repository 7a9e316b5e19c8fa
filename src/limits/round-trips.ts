const rememberedMs = 300_000;
const maxRemembered = 200;

/**
 * How this process' network delays requests. The server worked on a request for as long as its X-Runtime says, so that
 * the rest of the time until the response was spent on the way, and what is above the shortest way may have come
 * before the server counted the request. Without X-Runtime the time of a response tells nothing of the network.
 */
export class RoundTrips {
  #trips: {at: number; ms: number | undefined; lateMs: number}[] = [];

  /** @returns how much later than at the earliest the server may have counted the request, as far as known */
  learn(slot: number, departed: number, responded: number, runtimeMs: number | undefined): number {
    const ms = runtimeMs === undefined ? undefined : Math.max(0, responded - departed - runtimeMs);
    const kept = this.#trips.filter(({at}) => responded - at < rememberedMs).slice(1 - maxRemembered);
    this.#trips = [...kept, {at: responded, ms, lateMs: Math.max(0, departed - slot)}];
    return ms === undefined ? 0 : ms - this.#shortestMs;
  }

  /** How much later than its slot a request that is still in flight may have been counted. */
  get spreadMs(): number {
    const shortestMs = this.#shortestMs;
    const spreads = this.#trips.map(({ms = shortestMs, lateMs}) => lateMs + ms - shortestMs);
    return spreads.sort((one, other) => one - other)[Math.floor(0.95 * spreads.length)] ?? 0;
  }

  /** The shortest way that there can be: few round trips show one that is longer by about their distance. */
  get #shortestMs(): number {
    const known = this.#trips.flatMap(({ms = []}) => ms).sort((one, other) => one - other);
    const [shortest = 0] = known;
    const median = known[Math.floor(known.length / 2)] ?? 0;
    return shortest - (2 * (median - shortest)) / Math.max(1, known.length - 1);
  }
}
