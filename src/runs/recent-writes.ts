import type {Instant} from '../clock.ts';

/** What a run wrote, or may have written, under one key. Hashes are keyed. */
export interface KeyWrite {
  key: string;
  /** Of all that the row held; '' for a removal. */
  row: string;
  /** `in_doubt`: it may have been applied, or may yet be. */
  outcome: 'created' | 'updated' | 'removed' | 'in_doubt';
  /** Of the record, where it is known. */
  id?: number;
  /** How long ago it was found to be applied, and how much longer a reading may not show it, by `foundAt`. */
  ageMs: number;
  leftMs: number;
  run: string;
  folder: string;
}

/** What the application's own writes of the last minutes mean for a row that is planned now. */
export type RecentWrite =
  | {kind: 'none'}
  /** This very row was applied just now, so that it is as the row wants it, whatever a reading shows. */
  | {kind: 'same'; id?: number}
  /** Another row with this key was applied just now; a reading may not show it until `untilMs` after `foundAt`. */
  | {kind: 'other'; outcome: 'created' | 'updated'; id?: number; untilMs: number}
  /** The record was removed just now; a reading that still shows one of these ids is late. */
  | {kind: 'removed'; ids: ReadonlySet<number>}
  /** A row with this key is in doubt in another run. */
  | {kind: 'in_doubt'; run: string; folder: string};

/** The application's writes that a reading may not show yet, by keyed hash of their keys. Pure. */
export class RecentWrites {
  /** The moment from which the times count. */
  readonly foundAt: Instant;
  /**
   * So long it is unknown what was written: a run is gone with its journal, or its keys were hashed under another key.
   * Until then no absence is certain.
   */
  readonly unknownMs: number;
  readonly #last = new Map<string, KeyWrite>();
  readonly #removed = new Map<string, Set<number>>();

  constructor(foundAt: Instant, writes: readonly KeyWrite[] = [], unknownMs = 0) {
    this.foundAt = foundAt;
    this.unknownMs = unknownMs;
    for (const write of [...writes].sort((one, other) => other.ageMs - one.ageMs)) {
      // What is in doubt stays so, whatever else was written since.
      if (this.#last.get(write.key)?.outcome !== 'in_doubt') this.#last.set(write.key, write);
      if (write.outcome === 'removed' && write.id !== undefined) {
        const ids = this.#removed.get(write.key) ?? new Set();
        this.#removed.set(write.key, ids.add(write.id));
      }
    }
  }

  get isEmpty(): boolean {
    return this.#last.size === 0;
  }

  of(key: string, row: string): RecentWrite {
    const last = this.#last.get(key);
    if (!last) return {kind: 'none'};
    const {outcome, id, run, folder, leftMs} = last;
    if (outcome === 'in_doubt') return {kind: 'in_doubt', run, folder};
    if (outcome === 'removed') return {kind: 'removed', ids: this.#removed.get(key) ?? new Set()};
    if (last.row === row) return {kind: 'same', ...(id !== undefined && {id})};
    return {kind: 'other', outcome, untilMs: leftMs, ...(id !== undefined && {id})};
  }
}
