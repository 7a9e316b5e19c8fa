import {type Counts, isPending, noCounts, type Outcome} from '../outcome.ts';
import type {AnswerFields, SentFacts, StampedEntry} from './entry.ts';

/** How a row stands after the entries read so far. */
export interface RowState {
  outcome: Outcome;
  /** Sendings of its request: attempts begun and not proven unsent. */
  attempts: number;
  status: number | undefined;
  id: number | undefined;
  fields: AnswerFields | undefined;
  via: 'answer' | 'readback' | 'person' | undefined;
  code: string;
  message: string;
}

/** An attempt that may have been applied. */
export interface Doubt {
  /** A reading before the attempt showed no record with the row's key: one that is there now is ours. */
  knownAbsent: boolean;
  /** When the intent was written, UTC in ms, by our clock. */
  intentAt: number;
  why: string;
  sent: SentFacts;
  /** Names the key of the hashes in it. */
  keyId: string | undefined;
}

/** Without what is another one for each row. */
type SharedState = Omit<RowState, 'id' | 'fields'>;

const notStarted: SharedState = {
  outcome: 'not_started',
  attempts: 0,
  status: undefined,
  via: undefined,
  code: '',
  message: '',
};

/**
 * The state of every row, folded from journal entries. A row's state never goes backwards from a final one: done,
 * invalid and unchanged stay.
 */
export class RowStates {
  readonly counts: Counts = noCounts();
  /** Rows whose attempt is in doubt, with the facts needed to settle them. */
  readonly doubts = new Map<number, Doubt>();
  /** Rows that a response proved created without telling the id, with the attempt that did it. */
  readonly createdWithoutId = new Map<number, Doubt>();
  /** Sendings, look-ups, tokens and probes so far, and how many of them the API turned away (429). */
  readonly requests = {total: 0, writes: 0, reads: 0, refused: 0};
  /** By line. Nearly all rows of a run end alike, so that rows without a message share one object for each state. */
  readonly #rows: SharedState[] = [];
  readonly #shared = new Map<string, SharedState>();
  readonly #ids: number[] = [];
  readonly #fields: AnswerFields[] = [];
  /** How many attempts of a row were in doubt and then proven not applied. */
  readonly #disproved = new Map<number, number>();
  /** Of rows that may be sent again: what stays true of them. */
  readonly #released = new Map<number, Pick<SentFacts, 'ids' | 'top'>>();
  #keyId: string | undefined;

  constructor(rows: number) {
    this.counts.not_started = rows;
  }

  row(line: number): RowState {
    return {...this.#state(line), id: this.#ids[line], fields: this.#fields[line]};
  }

  outcome(line: number): Outcome {
    return this.#state(line).outcome;
  }

  /** Attempts of the row that ended in doubt, those included that were proven not applied since. */
  doubtfulAttempts(line: number): number {
    return (this.#disproved.get(line) ?? 0) + (this.doubts.has(line) ? 1 : 0);
  }

  /**
   * Of a row that was sent before: the ids that it was sent with, which it keeps, and the highest id by then if the attempt
   * was in doubt.
   */
  sentBefore(line: number): Pick<SentFacts, 'ids' | 'top'> | undefined {
    return this.#released.get(line);
  }

  /** The rows with these outcomes, in the order of lines; rows of which the journal says nothing are left out. */
  *rowsWith(wanted: readonly Outcome[]): Generator<[line: number, row: RowState]> {
    for (const [line, state] of this.#rows.entries()) {
      if (state && wanted.includes(state.outcome)) yield [line, this.row(line)];
    }
  }

  fold(entry: StampedEntry): void {
    if (entry.k !== 'named' && 'r' in entry && !isPending(this.outcome(entry.r))) return;
    switch (entry.k) {
      case 'named':
        this.createdWithoutId.delete(entry.r);
        this.#ids[entry.r] = entry.id;
        if (entry.f) this.#fields[entry.r] = entry.f;
        return;
      case 'invalid':
        return this.#settle(entry.r, {outcome: 'invalid', code: entry.code, message: entry.msg});
      case 'unchanged':
        if (entry.id !== undefined) this.#ids[entry.r] = entry.id;
        return this.#settle(entry.r, {outcome: 'unchanged', code: entry.code ?? '', message: ''});
      case 'intent':
        return this.#begin(entry);
      case 'open':
        this.#keyId = entry.keyId;
        return;
      case 'unsent':
        this.#count('writes', -1);
        return this.#release(entry.r, {attempts: entry.a - 1});
      case 'refused':
        if (entry.st === 429) this.requests.refused++;
        return this.#release(entry.r, {status: entry.st});
      case 'step':
        return this.#release(entry.r);
      case 'not_applied':
        this.#disproved.set(entry.r, this.doubtfulAttempts(entry.r));
        return this.#release(entry.r);
      case 'doubt':
        return this.#keepDoubt(entry);
      case 'done':
        return this.#finish(entry);
      case 'spent':
        this.#count('reads', entry.n);
        this.requests.refused += entry.x;
        return;
      case 'header':
      case 'settle':
      case 'check':
      case 'limits':
      case 'pause':
      case 'stop':
      case 'complete':
        return;
    }
  }

  #begin({r, a, t, fresh, id, ids, cols, unread, nested, top, body}: EntryOf<'intent'>): void {
    this.#count('writes');
    const sent = {
      ...(id !== undefined && {id}),
      ...(ids && {ids}),
      ...(cols && {cols}),
      ...(unread && {unread}),
      ...(nested && {nested}),
      ...(top !== undefined && {top}),
      ...(body !== undefined && {body}),
    };
    const keyId = this.#keyId;
    this.doubts.set(r, {knownAbsent: fresh === true, intentAt: t, why: 'no_answer', sent, keyId});
    this.#change(r, {outcome: 'in_doubt', attempts: a});
  }

  #keepDoubt({r, why, st, msg}: EntryOf<'doubt'>): void {
    const doubt = this.doubts.get(r);
    if (doubt) this.doubts.set(r, {...doubt, why});
    this.#change(r, {code: why, message: msg ?? '', ...(st !== undefined && {status: st})});
  }

  #finish({r, a, o, st, id, f, via, code, msg}: EntryOf<'done'>): void {
    const attempt = this.doubts.get(r);
    if (o === 'created' && via === 'answer' && id === undefined && attempt)
      this.createdWithoutId.set(r, attempt);
    if (id !== undefined) this.#ids[r] = id;
    if (f) this.#fields[r] = f;
    this.#released.delete(r);
    this.#settle(r, {
      outcome: o,
      code: code ?? '',
      message: msg ?? '',
      ...(st !== undefined && {status: st}),
      ...(a !== undefined && {attempts: a}),
      ...(via !== undefined && {via}),
    });
  }

  #count(kind: 'writes' | 'reads', n = 1): void {
    this.requests[kind] += n;
    this.requests.total += n;
  }

  /** The row may be sent again. */
  #release(line: number, change: Partial<SharedState> = {}): void {
    const {ids, top} = this.doubts.get(line)?.sent ?? {};
    // An attempt that was turned away or never left has no effect that could come late.
    const lasting = this.#disproved.has(line) ? top : undefined;
    if (ids || lasting !== undefined)
      this.#released.set(line, {...(ids && {ids}), ...(lasting !== undefined && {top: lasting})});
    this.#settle(line, {...change, outcome: 'not_started', code: '', message: ''});
  }

  #settle(line: number, change: Partial<SharedState>): void {
    this.doubts.delete(line);
    this.#change(line, change);
  }

  #change(line: number, change: Partial<SharedState>): void {
    const before = this.#state(line);
    const after = {...before, ...change};
    this.counts[before.outcome]--;
    this.counts[after.outcome]++;
    this.#rows[line] = after.message === '' ? this.#share(after) : after;
  }

  #state(line: number): SharedState {
    return this.#rows[line] ?? notStarted;
  }

  #share(state: SharedState): SharedState {
    const name = Object.values(state).join(' ');
    const shared = this.#shared.get(name);
    if (!shared) this.#shared.set(name, state);
    return shared ?? state;
  }
}

type EntryOf<K extends StampedEntry['k']> = Extract<StampedEntry, {k: K}>;
