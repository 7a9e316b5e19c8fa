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
  /** The last stop or completion: when, and with which exit code. */
  left: {t: number; code: number} | undefined;
}

/**
 * Reads a journal from its start and folds it. Only the last batch may be damaged (that is what a crash can do,
 * since every batch is flushed before the next begins): it is left out, and `end` tells how long it is. CsvSyntaxError before
 * a good line of a later batch, a gap in the sequence or a second header is no crash, and is refused.
 *
 * Returns undefined when there is no journal, or not even its header is whole: then nothing was ever sent.
 */
export async function replay(
  path: string,
  seen?: (entry: StampedEntry) => void,
): Promise<Replayed | undefined> {
  const reading = new ReadBackQuery(path, seen);
  let size = 0;
  try {
    let rest: Buffer[] = [];
    for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18}) as AsyncIterable<Buffer>) {
      size += chunk.length;
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        if (rest.length === 0) reading.line(chunk, start, end, true);
        else reading.joined([...rest, chunk.subarray(start, end)], true);
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    }
    if (rest.length > 0) reading.joined(rest, false);
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
  return reading.result(size);
}

class ReadBackQuery {
  readonly #path: string;
  readonly #seen: ((entry: StampedEntry) => void) | undefined;
  #header: (HeaderEntry & {t: number}) | undefined;
  #states: RowStates | undefined;
  readonly #timeline = new RequestTimeline();
  #lineNumber = 0;
  #good = {sequence: 0, bytes: 0};
  #damagedAt: number | undefined;
  #state: Replayed['state'] = 'running';
  #left: Replayed['left'];

  constructor(path: string, seen: ((entry: StampedEntry) => void) | undefined) {
    this.#path = path;
    this.#seen = seen;
  }

  /** A line that came in pieces. */
  joined(pieces: readonly Buffer[], isEnded: boolean): void {
    const line = Buffer.concat(pieces);
    this.line(line, 0, line.length, isEnded);
  }

  /** One line of these bytes; `isEnded`: a line feed follows. */
  line(bytes: Buffer, start: number, end: number, isEnded: boolean): void {
    this.#lineNumber++;
    const entry = isEnded ? decodeEntry(bytes, start, end) : undefined;
    if (this.#damagedAt !== undefined || entry === undefined) {
      this.#damagedAt ??= this.#lineNumber;
      // A crash leaves a beginning of a line, or zeros. A whole entry with something behind it lost its line feed.
      if (entry === undefined && holdsWholeEntry(bytes.subarray(start, end)))
        throw this.#corrupt(this.#damagedAt, 'is damaged');
      if (entry && entry.b > this.#good.sequence) throw this.#corrupt(this.#damagedAt, 'is damaged');
      return;
    }
    if (entry.s !== this.#good.sequence) throw this.#corrupt(this.#lineNumber, 'is out of sequence');
    if ((entry.k === 'header') !== (this.#lineNumber === 1)) {
      throw this.#corrupt(this.#lineNumber, 'is a header in the wrong place');
    }
    this.#fold(entry);
    this.#good = {sequence: entry.s + 1, bytes: this.#good.bytes + end - start + 1};
  }

  #fold(entry: StampedEntry): void {
    if (entry.k === 'header') {
      this.#header = entry;
      this.#states = new RowStates(entry.input.rows);
    }
    if (entry.k === 'open') [this.#state, this.#left] = ['running', undefined];
    if (entry.k === 'stop') [this.#state, this.#left] = ['stopped', {t: entry.t, code: entry.code}];
    if (entry.k === 'complete') [this.#state, this.#left] = ['finished', {t: entry.t, code: entry.code}];
    this.#timeline.fold(
      entry,
      entry.k === 'unsent' ? this.#states?.doubts.get(entry.r)?.intentAt : undefined,
    );
    this.#states?.fold(entry);
    this.#seen?.(entry);
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
