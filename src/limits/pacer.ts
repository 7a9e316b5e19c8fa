import Bottleneck from 'bottleneck';
import type {Clock} from '../clock.ts';

/** Rates from which on spacing requests makes no sense: an unlimited sandbox, a server of one's own. */
const noLimit = 200;

/**
 * Keeps requests at an even distance, which no way of counting seconds can refuse. bottleneck gives the turns. It
 * goes by the wall clock, though, and what has a turn may still be held up (by a slow disk, a suspended process), so
 * the distance is kept once more by the monotonic clock at the moment of sending.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #turns: {line: Bottleneck; ahead: number};
  #perSecond: number;
  #nextDeparture = -Infinity;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#turns = {line: new Bottleneck({minTime: distance(perSecond)}), ahead: this.#wallAhead()};
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  set perSecond(perSecond: number) {
    if (perSecond === this.#perSecond) return;
    this.#perSecond = perSecond;
    // Safe only because no reservoir refresh is used: this call ends bottleneck's refresh timer for good.
    void this.#turns.line.updateSettings({minTime: distance(perSecond)});
  }

  /** Waits for one's turn. */
  async turn(): Promise<void> {
    if (this.#perSecond >= noLimit) return;
    const ahead = this.#wallAhead();
    // Its last turn would lie in the future, and the next one as far as the clock was set back.
    if (ahead < this.#turns.ahead - 1000)
      this.#turns.line = new Bottleneck({minTime: distance(this.#perSecond)});
    this.#turns.ahead = ahead;
    await this.#turns.line.schedule(() => Promise.resolve());
  }

  /** Waits, rarely and shortly, until the request before this one is far enough away. */
  async depart(): Promise<void> {
    if (this.#perSecond >= noLimit) return;
    const now = this.#clock.mono();
    const departure = Math.max(now, this.#nextDeparture);
    this.#nextDeparture = departure + 1000 / this.#perSecond;
    if (departure > now) await this.#clock.sleep(departure - now);
  }

  #wallAhead(): number {
    return this.#clock.wall() - this.#clock.mono();
  }
}

/** A little more than the even distance: timers fire early by some milliseconds, and networks jitter. */
function distance(perSecond: number): number {
  return perSecond >= noLimit
    ? 0
    : Math.ceil(1000 / perSecond) + Math.max(2, Math.floor(20 / Math.max(2, perSecond)));
}
