/** A measurement is good for so long: clocks drift. */
const goodForMs = 30_000;

/**
 * The store's clock minus our monotonic clock. Each exchange shows between which two values the
 * difference lies; all of the last half minute together leave little room.
 */
export class ClockOffset {
  #measured: {at: number; min: number; max: number}[] = [];

  /** Takes an exchange: the moments of our clock between which the store's clock was `now`. */
  learn(before: number, after: number, now: number): void {
    const measured = {at: after, min: now - after, max: now - before};
    const recent = this.#measured.filter(({at}) => after - at < goodForMs).slice(-100);
    const fits = recent.every(({min, max}) => min <= measured.max && max >= measured.min);
    // Where the measurements disagree one of the clocks was set.
    this.#measured = fits ? [...recent, measured] : [measured];
  }

  get #bounds(): {min: number; max: number} {
    return {
      min: Math.max(...this.#measured.map(({min}) => min)),
      max: Math.min(...this.#measured.map(({max}) => max)),
    };
  }

  /** The store's clock minus ours. */
  get offset(): number {
    const {min, max} = this.#bounds;
    return this.#measured.length === 0 ? 0 : (min + max) / 2;
  }

  /** By how much the offset may be wrong, in either direction. */
  get blurMs(): number {
    const {min, max} = this.#bounds;
    return this.#measured.length === 0 ? 0 : (max - min) / 2;
  }
}
