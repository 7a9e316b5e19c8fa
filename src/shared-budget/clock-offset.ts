import type {Clock} from '../clock.ts';

/** A measurement is good for so long: clocks drift, and another machine may take over. */
const goodFor = 30_000;

/**
 * What Redis' clock says when ours says something: from the quickest answer of late, since what was quick leaves
 * little room for error.
 */
export class ClockOffset {
  /** Redis' wall clock minus our monotonic one, in milliseconds. */
  #offset = 0;
  #trip = Infinity;
  #at = -Infinity;
  #usualTrip = 20;

  /** Tells the moments, by our clock, between which Redis said that it is `now`. */
  learn(before: number, after: number, now: number): void {
    const trip = after - before;
    this.#usualTrip = Math.max(trip, 0.8 * this.#usualTrip);
    if (trip > this.#trip && after - this.#at < goodFor) return;
    this.#offset = now - (before + after) / 2;
    this.#trip = trip;
    this.#at = after;
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
    return this.#at === -Infinity ? 0 : this.#offset + clock.mono() - clock.wall();
  }
}
