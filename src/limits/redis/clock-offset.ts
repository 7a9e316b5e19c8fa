import type {Clock} from '../../clock.ts';

/** A measurement is good for so long: clocks drift, and another machine may take over. */
const goodFor = 30_000;

interface Measurement {
  /** Redis' wall clock minus our monotonic one, in milliseconds. */
  offset: number;
  /** Half of this may be wrong. */
  trip: number;
  at: number;
}

/**
 * What Redis' clock says when ours says something: from the quickest answer of the last half minute, since what was
 * quick leaves little room for error.
 */
export class ClockOffset {
  /** Later ones are slower: what was before a quicker one is of no use any more. */
  #measured: Measurement[] = [];
  #usualTrip = 20;

  /** Tells the moments, by our clock, between which Redis said that it is `now`. */
  learn(before: number, after: number, now: number): void {
    const trip = after - before;
    this.#usualTrip = Math.max(trip, 0.8 * this.#usualTrip);
    const good = this.#measured.filter((each) => each.trip < trip && after - each.at < goodFor);
    this.#measured = [...good, {offset: now - (before + after) / 2, trip, at: after}];
  }

  get #offset(): number {
    return this.#measured[0]?.offset ?? 0;
  }

  /** So long ahead something has to be agreed with Redis, to be known here in time. */
  get lead(): number {
    return 10 + 2 * this.#usualTrip;
  }

  /** A moment of Redis' clock on ours, which is known to lie between two. */
  toMono(moment: number, least: number, most: number): number {
    return Math.min(Math.max(moment - this.#offset, least), most);
  }

  toRedis(moment: number): number {
    return moment + this.#offset;
  }

  /** Redis' wall clock minus ours. */
  ahead(clock: Clock): number {
    return this.#measured.length === 0 ? 0 : this.#offset + clock.mono() - clock.wall();
  }
}
