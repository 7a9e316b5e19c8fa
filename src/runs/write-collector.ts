import {elapsedSince, type Moment} from '../files/moment.ts';
import type {StampedEntry} from '../journal/entry.ts';
import type {KeyWrite} from './recent-writes.ts';

/** Of runs by versions that did not note theirs. */
export const defaultSettleMs = 120_000;

/** A write of which no result was seen yet. */
interface OpenWrite {
  key: string;
  row: string;
  at: Moment;
}

export interface CollectorOptions {
  run: string;
  folder: string;
  /** Names the key under which hashes can be compared. */
  keyId: string;
  now: Moment;
  /**
   * The longest settle time in force so far, in this run and in those that were read before it: what an older run wrote
   * must not be believed for longer than what a later one wrote over it.
   */
  settle: {ms: number};
}

/**
 * Follows a journal as it is replayed, and gathers what it wrote so shortly ago that a reading may not show it, and what
 * is in doubt.
 */
export class WriteCollector {
  readonly #options: CollectorOptions;
  readonly #attempts = new Map<number, OpenWrite | undefined>();
  readonly #applied: (Omit<KeyWrite, 'ageMs' | 'leftMs'> & {at: Moment})[] = [];
  /** Applied rows whose record is still to be named, by line. */
  readonly #unnamed = new Map<number, Omit<KeyWrite, 'ageMs' | 'leftMs'>>();
  #opened: {boot: string; offsetMs: number} = {boot: '', offsetMs: 0};
  #isComparable = false;
  /** The last write whose key is not known. */
  #unknownAt: Moment | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  readonly see = (entry: StampedEntry): void => {
    switch (entry.k) {
      case 'open':
        this.#raiseSettle(entry.settleMs ?? defaultSettleMs);
        this.#isComparable = entry.keyId === this.#options.keyId;
        this.#opened = entry.at
          ? {boot: entry.at.boot, offsetMs: entry.at.up - entry.t}
          : {boot: '', offsetMs: 0};
        return;
      case 'settle':
        this.#raiseSettle(entry.ms);
        return;
      case 'intent': {
        const at = this.#momentOf(entry.t);
        const isKnown = this.#isComparable && entry.key !== undefined;
        if (!isKnown) this.#unknownAt = at;
        const attempt = isKnown ? {key: entry.key ?? '', row: entry.row ?? '', at} : undefined;
        this.#attempts.set(entry.r, attempt);
        return;
      }
      case 'unsent':
      case 'refused':
      case 'not_applied':
      case 'unchanged':
        this.#attempts.delete(entry.r);
        return;
      case 'done':
        this.#done(entry);
        return;
      case 'named': {
        const write = this.#unnamed.get(entry.r);
        if (write) write.id = entry.id;
        return;
      }
      default:
        return;
    }
  };

  writes(): KeyWrite[] {
    const {run, folder} = this.#options;
    const applied = this.#applied.map(({at, ...write}) => ({...write, ...this.#ages(at)}));
    const inDoubt = [...this.#attempts.values()]
      .filter((attempt) => attempt !== undefined)
      .map(
        ({at, ...attempt}) => ({...attempt, outcome: 'in_doubt', ...this.#ages(at), run, folder}) as const,
      );
    return [...applied, ...inDoubt];
  }

  /** So long it is unknown what this run wrote. */
  get unknownMs(): number {
    return this.#unknownAt ? Math.max(0, this.#ages(this.#unknownAt).leftMs) : 0;
  }

  #done(entry: Extract<StampedEntry, {k: 'done'}>): void {
    const attempt = this.#attempts.get(entry.r);
    this.#attempts.delete(entry.r);
    if (!attempt || entry.o === 'failed') return;
    const at = this.#momentOf(entry.t);
    const {run, folder} = this.#options;
    const {o: outcome, id} = entry;
    const {key, row} = attempt;
    // Of a million most are over by now.
    if (this.#ages(at).leftMs <= 0) return;
    const write = {key, row, outcome, run, folder, at, ...(id !== undefined && {id})};
    this.#applied.push(write);
    if (id === undefined) this.#unnamed.set(entry.r, write);
  }

  #ages(since: Moment): {ageMs: number; leftMs: number} {
    const ageMs = elapsedSince(since, this.#options.now);
    return {ageMs, leftMs: this.#options.settle.ms - ageMs};
  }

  #raiseSettle(ms: number): void {
    const {settle} = this.#options;
    settle.ms = Math.max(settle.ms, ms);
  }

  #momentOf(wall: number): Moment {
    const {boot, offsetMs} = this.#opened;
    return {wall, boot, up: wall + offsetMs};
  }
}
