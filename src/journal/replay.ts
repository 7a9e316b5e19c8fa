import {createReadStream} from 'node:fs';
import {FileError, InputError} from '../errors.ts';
import {decodeEntry, lineFeed} from './encode-entry.ts';
import type {HeaderEntry, StampedEntry} from './entry.ts';
import type {JournalEnd} from './journal.ts';
import {RequestTimeline} from './request-timeline.ts';
import {RowStates} from './row-states.ts';

export interface Replayed {
  header: HeaderEntry & {t: number};
  states: RowStates;
  timeline: RequestTimeline;
  end: JournalEnd;
  /** How the run's last process left it. */
  state: 'running' | 'stopped' | 'finished';
  /** The last stop or completion: when, with which exit code, and why it stopped. */
  left: {t: number; code: number; why?: string} | undefined;
  /** The longest settle time that was in force; 0 where the journal does not say. */
  settleMs: number;
}

/**
 * Reads a journal from its start and folds it. Only the last batch may be damaged (that is what a crash can do,
 * since every batch is flushed before the next begins): it is left out, and `end` says how long it is. Damage before a
 * good line of a later batch, a gap in the sequence or a second header cannot come from a crash, and is refused.
 *
 * Returns undefined when there is no journal, or not even its header is whole: then nothing was ever sent.
 */
export async function replay(
  path: string,
  onEntry?: (entry: StampedEntry) => void,
): Promise<Replayed | undefined> {
  const fold = new JournalFold(path, onEntry);
  let size = 0;
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18}) as AsyncIterable<Buffer>) {
      size += chunk.length;
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let start = 0;
      for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
        fold.line(bytes.subarray(start, end), true);
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
    if (rest.length > 0) fold.line(rest, false);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const {code} = cause as NodeJS.ErrnoException;
    // The process died between making the run's folder and its journal.
    if (code === 'ENOENT') return undefined;
    throw new FileError(`the journal ${path} cannot be read (${code ?? 'error'})`, {
      cause,
      hint: 'check the disk, and whether you may read it',
    });
  }
  return fold.result(size);
}

class JournalFold {
  readonly #path: string;
  readonly #onEntry: ((entry: StampedEntry) => void) | undefined;
  #header: (HeaderEntry & {t: number}) | undefined;
  #states: RowStates | undefined;
  readonly #timeline = new RequestTimeline();
  #lineNumber = 0;
  #good = {sequence: 0, bytes: 0};
  #damagedLine: number | undefined;
  #state: Replayed['state'] = 'running';
  #left: Replayed['left'];
  #settleMs = 0;

  constructor(path: string, onEntry: ((entry: StampedEntry) => void) | undefined) {
    this.#path = path;
    this.#onEntry = onEntry;
  }

  /** `isEnded`: a line feed follows. */
  line(line: Buffer, isEnded: boolean): void {
    this.#lineNumber++;
    const entry = isEnded ? decodeEntry(line) : undefined;
    if (this.#damagedLine !== undefined || entry === undefined) {
      this.#damagedLine ??= this.#lineNumber;
      // A crash leaves a beginning of a line, or zeros. A whole entry with something behind it lost its line feed.
      if (entry ? entry.b > this.#good.sequence : holdsWholeEntry(line))
        throw this.#corrupt(this.#damagedLine, 'is damaged');
      return;
    }
    if (entry.s !== this.#good.sequence) throw this.#corrupt(this.#lineNumber, 'is out of sequence');
    if ((entry.k === 'header') !== (this.#lineNumber === 1)) {
      throw this.#corrupt(this.#lineNumber, 'is a header in the wrong place');
    }
    this.#fold(entry);
    this.#good = {sequence: entry.s + 1, bytes: this.#good.bytes + line.length + 1};
  }

  #fold(entry: StampedEntry): void {
    if (entry.k === 'header') {
      this.#header = entry;
      this.#states = new RowStates(entry.input.rows);
    }
    if (entry.k === 'open') {
      [this.#state, this.#left] = ['running', undefined];
      this.#settleMs = Math.max(this.#settleMs, entry.settleMs ?? 0);
    }
    if (entry.k === 'settle') this.#settleMs = Math.max(this.#settleMs, entry.ms);
    if (entry.k === 'stop')
      [this.#state, this.#left] = ['stopped', {t: entry.t, code: entry.code, why: entry.why}];
    if (entry.k === 'complete') [this.#state, this.#left] = ['finished', {t: entry.t, code: entry.code}];
    this.#timeline.fold(
      entry,
      entry.k === 'unsent' ? this.#states?.doubts.get(entry.r)?.intentAt : undefined,
    );
    this.#states?.fold(entry);
    this.#onEntry?.(entry);
  }

  /** `size`: bytes of the file. */
  result(size: number): Replayed | undefined {
    if (!this.#header || !this.#states) {
      if (this.#lineNumber > 2) throw this.#corrupt(1, 'is damaged');
      return undefined;
    }
    return {
      header: this.#header,
      states: this.#states,
      timeline: this.#timeline,
      end: {...this.#good, torn: size - this.#good.bytes},
      state: this.#state,
      left: this.#left,
      settleMs: this.#settleMs,
    };
  }

  #corrupt(line: number, what: string): InputError {
    return new InputError(
      `${this.#path}, line ${line}, ${what}: this journal was changed by something else`,
      {
        code: 'journal_corrupt',
        hint: 'restore the file from a copy; nothing of it is skipped, since a skipped line could send a row twice',
      },
    );
  }
}

function holdsWholeEntry(line: Buffer): boolean {
  const end = /,"c":"[0-9a-f]{8}"\}(?=[^\u0000])/.exec(line.toString('latin1'));
  return end !== null && decodeEntry(line.subarray(0, end.index + end[0].length)) !== undefined;
}
