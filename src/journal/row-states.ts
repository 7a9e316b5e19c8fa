import {type Counts, noCounts, type Outcome, outcomes} from '../outcome.ts';
import type {StampedEntry} from './entry.ts';

/** How a row stands after the entries read so far. */
export interface RowState {
  outcome: Outcome;
  /** Sendings of its request: attempts begun and not proven unsent. */
  attempts: number;
  status: number | undefined;
  id: number | undefined;
  via: 'answer' | 'readback' | 'person' | undefined;
  code: string;
  message: string;
}

const vias: readonly (RowState['via'] | undefined)[] = [undefined, 'answer', 'readback', 'person'];
const notStarted = outcomes.indexOf('not_started');
const inDoubt = outcomes.indexOf('in_doubt');

/**
 * The state of every row, folded from journal entries. Kept in typed arrays by line number, some 14 bytes a
 * line, so that a run of a million rows is no larger than its plain facts; only rows with something to say
 * (a refusal, a doubt) cost more.
 *
 * A row's state never goes backwards from a final one: done, invalid and unchanged stay.
 */
export class RowStates {
  readonly counts: Counts = noCounts();
  /** Rows whose attempt is in doubt, with the facts needed to settle them. */
  readonly doubts = new Map<number, Doubt>();
  /** Rows that an answer proved created without telling the id, with the attempt that did it. */
  readonly nameless = new Map<number, Doubt>();
  /** Sendings, look-ups, tokens and probes so far, and how many of them the API turned away (429). */
  readonly requests = {total: 0, writes: 0, reads: 0, refused: 0};
  #outcome = new Uint8Array(0);
  #attempts = new Uint8Array(0);
  #via = new Uint8Array(0);
  #status = new Uint16Array(0);
  #id = new Float64Array(0);
  readonly #words = new Map<number, {code: string; message: string}>();
  readonly #doubtfulAttempts = new Map<number, number>();

  constructor(rows: number) {
    this.counts.not_started = rows;
    this.#grow(Math.max(rows + 2, 1024));
  }

  row(line: number): RowState {
    const words = this.#words.get(line);
    return {
      outcome: this.outcome(line),
      attempts: this.#attempts[line] ?? 0,
      status: this.#status[line] || undefined,
      id: this.#id[line] || undefined,
      via: vias[this.#via[line] ?? 0],
      code: words?.code ?? '',
      message: words?.message ?? '',
    };
  }

  outcome(line: number): Outcome {
    return outcomes[this.#outcome[line] ?? notStarted] ?? 'not_started';
  }

  attempts(line: number): number {
    return this.#attempts[line] ?? 0;
  }

  /** Attempts of the row that ended in doubt and were then proven not applied, the open one included. */
  doubtfulAttempts(line: number): number {
    return (this.#doubtfulAttempts.get(line) ?? 0) + (this.doubts.has(line) ? 1 : 0);
  }

  /** Lines whose row ended so, in order. */
  *linesIn(outcome: Outcome): Generator<number> {
    const wanted = outcomes.indexOf(outcome);
    for (let line = 0; line < this.#outcome.length; line++) if (this.#outcome[line] === wanted) yield line;
  }

  /** What is said of rows that were refused, are invalid or in doubt, in the order of lines. */
  *words(): Generator<{line: number; code: string; message: string}> {
    for (const line of [...this.#words.keys()].sort((one, other) => one - other)) {
      yield {line, ...(this.#words.get(line) ?? {code: '', message: ''})};
    }
  }

  fold(entry: StampedEntry): void {
    if (entry.k === 'named') {
      this.nameless.delete(entry.r);
      this.#id[entry.r] = entry.id;
      return;
    }
    if ('r' in entry) {
      if (this.#isFinal(entry.r)) return;
      this.#grow(entry.r + 1);
    }
    switch (entry.k) {
      case 'invalid':
        return this.#settle(entry.r, 'invalid', entry.code, entry.msg);
      case 'unchanged':
        if (entry.id) this.#id[entry.r] = entry.id;
        return this.#settle(entry.r, 'unchanged', entry.code ?? '', '');
      case 'intent':
        this.#attempts[entry.r] = entry.a;
        this.#count('writes');
        this.doubts.set(entry.r, {
          attempt: entry.a,
          knownAbsent: entry.fresh === true,
          since: entry.t,
          ahead: entry.ahead ?? 0,
          why: 'no_answer',
        });
        return this.#move(entry.r, 'in_doubt');
      case 'unsent':
        this.#attempts[entry.r] = entry.a - 1;
        this.requests.writes--;
        this.requests.total--;
        return this.#free(entry.r);
      case 'refused':
        if (entry.st === 429) this.requests.refused++;
        this.#status[entry.r] = entry.st;
        return this.#free(entry.r);
      case 'step':
        return this.#free(entry.r);
      case 'not_applied':
        this.#doubtfulAttempts.set(entry.r, this.doubtfulAttempts(entry.r));
        return this.#free(entry.r);
      case 'doubt': {
        const doubt = this.doubts.get(entry.r);
        if (doubt) this.doubts.set(entry.r, {...doubt, why: entry.why});
        if (entry.st) this.#status[entry.r] = entry.st;
        this.#words.set(entry.r, {code: entry.why, message: entry.msg ?? ''});
        return;
      }
      case 'done': {
        const attempt = this.doubts.get(entry.r);
        if (entry.o === 'created' && entry.via === 'answer' && entry.id === undefined && attempt)
          this.nameless.set(entry.r, attempt);
        if (entry.st !== undefined) this.#status[entry.r] = entry.st;
        if (entry.id !== undefined) this.#id[entry.r] = entry.id;
        if (entry.a !== undefined) this.#attempts[entry.r] = entry.a;
        if (entry.via !== undefined) this.#via[entry.r] = vias.indexOf(entry.via);
        return this.#settle(entry.r, entry.o, entry.code ?? '', entry.msg ?? '');
      }
      case 'spent':
        this.#count('reads', entry.n);
        this.requests.refused += entry.x;
        return;
      case 'header':
      case 'open':
      case 'check':
      case 'limits':
      case 'pause':
      case 'stop':
      case 'complete':
        return;
    }
  }

  #isFinal(line: number): boolean {
    const outcome = this.#outcome[line] ?? notStarted;
    return outcome !== notStarted && outcome !== inDoubt;
  }

  #count(kind: 'writes' | 'reads', n = 1): void {
    this.requests[kind] += n;
    this.requests.total += n;
  }

  /** The row may be sent again. */
  #free(line: number): void {
    this.doubts.delete(line);
    this.#words.delete(line);
    this.#move(line, 'not_started');
  }

  #settle(line: number, outcome: Outcome, code: string, message: string): void {
    this.doubts.delete(line);
    if (code || message) this.#words.set(line, {code, message});
    else this.#words.delete(line);
    this.#move(line, outcome);
  }

  #move(line: number, outcome: Outcome): void {
    this.counts[this.outcome(line)]--;
    this.counts[outcome]++;
    this.#outcome[line] = outcomes.indexOf(outcome);
  }

  #grow(length: number): void {
    if (length <= this.#outcome.length) return;
    const size = Math.max(length, this.#outcome.length * 2);
    const outcome = new Uint8Array(size).fill(notStarted);
    outcome.set(this.#outcome);
    this.#outcome = outcome;
    this.#attempts = grown(Uint8Array, this.#attempts, size);
    this.#via = grown(Uint8Array, this.#via, size);
    this.#status = grown(Uint16Array, this.#status, size);
    this.#id = grown(Float64Array, this.#id, size);
  }
}

export interface Doubt {
  attempt: number;
  /** A reading before the attempt showed no record with this row's key: one that is there now is ours. */
  knownAbsent: boolean;
  /** When the intent was written, UTC in ms, by our clock. */
  since: number;
  /** The server's clock minus ours at that moment: ours may have been set since. */
  ahead: number;
  why: string;
}

function grown<A extends {set(from: A): void}>(type: new (size: number) => A, from: A, size: number): A {
  const array = new type(size);
  array.set(from);
  return array;
}
