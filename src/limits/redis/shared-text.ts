import {createHash, randomUUID} from 'node:crypto';
import {type Clock, type Instant, instant, maxElapsedMs, minElapsedMs} from '../../clock.ts';
import {Interrupted, TemporaryError} from '../../errors.ts';
import {ClockOffset} from './clock-offset.ts';
import {LinkLost, type RedisLink, slowest} from './redis-link.ts';
import {openShared, type SharedState} from './shared-state.ts';

const keptMs = 7 * 24 * 3_600_000;

export interface SharedTextOptions {
  link: Pick<RedisLink, 'run' | 'close' | 'shown' | 'version' | 'server'>;
  clock: Clock;
  /** How long Redis may be gone, in milliseconds. */
  timeoutMs: number;
  /** Called when Redis does not answer, with the milliseconds until the run gives up. */
  onGone: (ms: number) => void;
}

type Change<T> = (state: SharedState) => {state: SharedState; result: T};

/**
 * A state in Redis that processes change by compare-and-set: it is read, changed here by a pure function, and set if
 * nothing came between. What was read last is remembered, for a Redis that forgets.
 */
export class SharedText {
  readonly offset = new ClockOffset();
  readonly #options: SharedTextOptions;
  readonly #key: string;
  #last: {state: SharedState; asked: Instant} | undefined;
  #gone: Instant | undefined;
  #usualMs = 20;

  constructor(key: string, options: SharedTextOptions) {
    this.#key = key;
    this.#options = options;
  }

  /** As it was last read or set. */
  get state(): SharedState | undefined {
    return this.#last?.state;
  }

  /** Time since Redis last confirmed what it gave, at most. */
  get ageMs(): number {
    return this.#last === undefined ? Infinity : maxElapsedMs(this.#options.clock, this.#last.asked);
  }

  /** So long after the moment for which something is decided here, Redis' answer to it arrives. */
  get leadMs(): number {
    return 10 + 1.5 * this.#usualMs;
  }

  /** @throws LinkLost when Redis does not answer: then it may have been set all the same */
  async change<T>(change: Change<T>): Promise<T> {
    const {clock, link} = this.#options;
    const newEpoch = randomUUID();
    let asked = instant(clock);
    let {redisMs, text} = await this.#exchange('', '');
    for (;;) {
      const answered = clock.mono();
      const stored = text === '' ? undefined : (JSON.parse(text) as SharedState);
      const memory = this.#last && {state: this.#last.state, elapsedMs: this.ageMs};
      const opened = openShared(stored, redisMs, {server: link.server, newEpoch, memory});
      const {state, result} = change(opened);
      const isChanged = JSON.stringify({...state, now: stored?.now}) !== text;
      const askedNext = instant(clock);
      const digest = createHash('sha1').update(text).digest('hex');
      const next = isChanged ? await this.#exchange(digest, JSON.stringify(state)) : undefined;
      if (!next || next.isSet) {
        this.offset.learn(asked.mono, answered, state.now);
        this.#usualMs = Math.max(clock.mono() - asked.mono, 0.8 * this.#usualMs);
        this.#last = {state, asked};
        this.#gone = undefined;
        return result;
      }
      ({redisMs, text} = next);
      asked = askedNext;
    }
  }

  /**
   * Asks until Redis answers.
   *
   * @throws Interrupted when the signal aborted first, TemporaryError (75) when it has not answered for too long
   */
  async insist<T>(change: Change<T>, stop: AbortSignal): Promise<T> {
    const {clock, timeoutMs, onGone} = this.#options;
    for (let tries = 1; ; tries++) {
      try {
        return await this.change(change);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        if (stop.aborted) throw new Interrupted();
        this.#gone ??= instant(clock);
        const left = timeoutMs - minElapsedMs(clock, this.#gone);
        if (left <= 0) throw this.gaveUp(error);
        if (tries === 3) onGone(left);
        await clock.sleep(Math.min(left, slowest, 50 * 2 ** tries), stop);
      }
    }
  }

  gaveUp({message}: LinkLost): TemporaryError {
    return new TemporaryError(`Redis at ${this.#options.link.shown} does not answer (${message})`, {
      code: 'redis_gone',
      hint: 'nothing is sent without it, and nothing is lost: see to it, then resume the run',
    });
  }

  async #exchange(digest: string, text: string): Promise<{isSet: boolean; redisMs: number; text: string}> {
    const reply = await this.#options.link.run(this.#key, digest, text, String(keptMs));
    const [isSet, seconds, micros, found] = reply as [number, string, string, string];
    return {isSet: isSet === 1, redisMs: Number(seconds) * 1000 + Number(micros) / 1000, text: found};
  }
}
