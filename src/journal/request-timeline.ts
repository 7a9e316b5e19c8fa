import type {StampedEntry} from './entry.ts';

/** Requests of one stretch of time. */
export interface TimelineBucket {
  /** ms since 1970, UTC; a multiple of the timeline's width. */
  start: number;
  /** Without the look-ups made while planning: the journal does not record when each of them was sent. */
  sent: number;
  /**
   * What was sent of the clock hour's budget (UTC) by the end of this stretch, planning included; of the fullest hour
   * where a stretch is longer than that.
   */
  hourUsed: number;
}

const hour = 3_600_000;
/** Seconds. Each divides the next one and, up to it, the hour. */
const widths = [5, 10, 30, 60, 120, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];
const maxBuckets = 120;

/** When a run's requests were sent. The memory it takes does not grow with their number: its stretches do. */
export class RequestTimeline {
  /** The last that the run knew of. */
  limits: {perSecond: number; perHour: number} | undefined;
  /** Look-ups made before each start of the run. */
  planned = 0;
  #step = 0;
  #buckets = new Map<number, {sent: number; planned: number}>();
  readonly #hours = new Map<number, number>();
  #isPlanning = false;

  /** `intentAt`: when the row's open attempt was announced, for an entry that takes an attempt back. */
  fold(entry: StampedEntry, intentAt?: number): void {
    if (entry.k === 'limits') this.limits = {perSecond: entry.perSecond, perHour: entry.perHour};
    if (entry.k === 'open') this.#isPlanning = true;
    if (entry.k === 'intent') this.#add(entry.t, 1, 0);
    if (entry.k === 'unsent') this.#add(intentAt ?? entry.t, -1, 0);
    if (entry.k === 'spent') {
      // The first account after a start is that of its planning.
      if (this.#isPlanning) this.#add(entry.t, 0, entry.n);
      else this.#add(entry.t, entry.n, 0);
      this.#isPlanning = false;
    }
  }

  /** Length of a stretch in ms. */
  get width(): number {
    const last = widths.length - 1;
    return (widths[this.#step] ?? (widths[last] ?? 0) * 2 ** (this.#step - last)) * 1000;
  }

  /** From the first request to the last, without a gap; at most 120. */
  buckets(): TimelineBucket[] {
    const {first, last} = this.#span();
    const buckets: TimelineBucket[] = [];
    let used = 0;
    for (let at = first; at <= last; at++) {
      const start = at * this.width;
      const {sent, planned} = this.#buckets.get(at) ?? {sent: 0, planned: 0};
      used = start % hour === 0 ? 0 : used;
      used += sent + planned;
      buckets.push({start, sent, hourUsed: this.width < hour ? used : this.#fullestHour(start)});
    }
    return buckets;
  }

  #add(time: number, sent: number, planned: number): void {
    if (sent === 0 && planned === 0) return;
    this.planned += planned;
    const inHour = Math.floor(time / hour);
    this.#hours.set(inHour, (this.#hours.get(inHour) ?? 0) + sent + planned);
    const known = this.#buckets.size;
    this.#put(Math.floor(time / this.width), sent, planned);
    while (this.#buckets.size > known && this.#span().last - this.#span().first >= maxBuckets) this.#widen();
  }

  #put(at: number, sent: number, planned: number): void {
    const bucket = this.#buckets.get(at) ?? {sent: 0, planned: 0};
    this.#buckets.set(at, {sent: bucket.sent + sent, planned: bucket.planned + planned});
  }

  #widen(): void {
    const [narrow, old] = [this.width, this.#buckets];
    this.#step++;
    this.#buckets = new Map();
    for (const [at, {sent, planned}] of old) this.#put(Math.floor((at * narrow) / this.width), sent, planned);
  }

  #span(): {first: number; last: number} {
    let [first, last] = [Infinity, -Infinity];
    for (const at of this.#buckets.keys()) {
      if (at < first) first = at;
      if (at > last) last = at;
    }
    return {first, last};
  }

  #fullestHour(start: number): number {
    let max = 0;
    for (let at = start / hour; at < (start + this.width) / hour; at++)
      max = Math.max(max, this.#hours.get(at) ?? 0);
    return max;
  }
}
