import {createHash, randomUUID} from 'node:crypto';
import type {Limiter, MakeLimiter} from '../limiter.ts';
import {type Clock, type Instant, instant, maxElapsedMs, minElapsedMs} from '../../clock.ts';
import {Interrupted, LockedError, TemporaryError} from '../../errors.ts';
import type {BudgetCall, BudgetReply, Forgotten, LeaseCall} from './budget-call.ts';
import {Recollection} from './recollection.ts';
import {LinkLost, type RedisLink, slowest} from './redis-link.ts';
import {SharedLimiter} from './shared-limiter.ts';

/** Slots and leases are believed for so long after Redis last confirmed them. */
const proofMs = 2000;
/** A Redis without memory waits until nobody believes anything older, and for one second of the API. */
const quiet = proofMs + 1000;
const leaseMs = 30_000;
/** A lease that was confirmed within this time has not run out, whatever the clocks do. */
const surelyOurs = leaseMs - 5000;
/** Who waits for something else is heard of so often: within the quiet time of a Redis that has forgotten. */
const renewalMs = 1000;

export interface SharedBudgetOptions {
  link: Pick<RedisLink, 'run' | 'close' | 'shown' | 'version'>;
  clock: Clock;
  /** API host and client id: whoever names the same shares. */
  application: string;
  /** Where this process is alone with its local lock; undefined where nobody can tell. */
  machine: string | undefined;
  /** How long Redis may be gone, in milliseconds. */
  timeoutMs: number;
  /** Told when Redis does not answer, and for how long that is still borne. */
  onGone: (ms: number) => void;
}

/** With the moment of asking, on the monotonic clock: earlier tries that came to nothing do not count. */
type Answer = BudgetReply & {asked: number};

type Part = Partial<Omit<BudgetCall, 'lease'>> & {act?: LeaseCall['act']};

/**
 * One process' part in what the processes of an application share through Redis: the budget, and the lease that
 * makes one of them the sender of a run. Everything that is said to Redis goes through `call`.
 *
 * What is not in Redis: rows. A Redis that loses its memory costs a few seconds.
 */
export class SharedBudget {
  readonly #options: SharedBudgetOptions;
  readonly #prefix: string;
  readonly #proc = randomUUID();
  readonly #token: string;
  readonly #machine: string;
  #work = 'none';
  #fence: number | undefined;
  #isLost = false;
  readonly #closing = new AbortController();
  #limiter: SharedLimiter | undefined;
  /** Names Redis' memory; what was given from another one is void. */
  #epoch: string | undefined;
  #proof: Instant | undefined;
  #gone: Instant | undefined;
  readonly recollection: Recollection;

  constructor(options: SharedBudgetOptions) {
    this.#options = options;
    this.#prefix = `bulk42:{${digest(options.application)}}:1`;
    this.#machine = `${options.machine === undefined ? randomUUID() : digest(options.machine)}/`;
    this.#token = this.#machine + this.#proc;
    this.recollection = new Recollection(options.clock, this.#machine);
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Where Redis is, for messages. */
  get shown(): string {
    return this.#options.link.shown;
  }

  /**
   * Whether Redis can be used, without waiting for one that is gone.
   *
   * @throws TemporaryError (75), RefusedError (77), ConfigurationError (78)
   */
  async inspect(): Promise<{sharers: number; tripMs: number; version: string | undefined}> {
    const {clock, link} = this.#options;
    try {
      await this.call({});
      const asked = clock.mono();
      const {sharers} = await this.call({});
      return {sharers, tripMs: clock.mono() - asked, version: link.version};
    } catch (error) {
      throw error instanceof LinkLost ? this.#gaveUp(error) : error;
    }
  }

  /** Whether Redis confirmed what it gave shortly before a moment on the monotonic clock. */
  isProven(at = this.#options.clock.mono()): boolean {
    return !this.#isLost && this.#age + Math.max(0, at - this.#options.clock.mono()) < proofMs;
  }

  /**
   * Whether nobody else can have the lease yet. What is true of a request that was let through may be true no more once
   * its connection is up.
   */
  get mayStillSend(): boolean {
    const isHolder = this.#fence !== undefined;
    return !this.#isLost && (!isHolder || this.#age < surelyOurs);
  }

  /** Time since Redis last confirmed what it gave. */
  get #age(): number {
    return this.#proof === undefined ? Infinity : maxElapsedMs(this.#options.clock, this.#proof);
  }

  /** A limiter that draws from this budget. */
  readonly limiter: MakeLimiter = (options): Limiter => {
    this.recollection.remember(options.recent ?? []);
    return (this.#limiter ??= new SharedLimiter(this, options));
  };

  /**
   * Makes this process the one sender of some work (a job over a file), on all machines.
   *
   * @throws LockedError while another machine is at it, TemporaryError when Redis stays away.
   */
  async lease(work: string, waitMs: number, signal: AbortSignal): Promise<number> {
    const {clock} = this.#options;
    this.#work = digest(work);
    const start = clock.mono();
    while (!signal.aborted) {
      const reply = await this.insist({act: 'take'}, signal);
      if (reply?.lease === 'held' && reply.fence !== undefined) {
        this.#fence = reply.fence;
        void this.#renew();
        return reply.fence;
      }
      if (reply?.lease === 'taken' && clock.mono() - start >= waitMs) throw busy();
      await clock.sleep(reply?.lease === 'quiet' ? reply.quiet : 500, signal);
    }
    throw new Interrupted();
  }

  /** False from the moment that another machine is known to have the lease. */
  get isHeld(): boolean {
    return !this.#isLost;
  }

  async #renew(): Promise<void> {
    const {clock} = this.#options;
    const {signal} = this.#closing;
    while (!signal.aborted && !this.#isLost) {
      if (this.#age >= renewalMs) await this.call({}).catch(() => undefined);
      await clock.sleep(this.#age < renewalMs ? renewalMs - this.#age : renewalMs, signal);
    }
  }

  /** Asks once, and once more where Redis has forgotten. @throws LinkLost when Redis does not answer */
  async call(part: Part): Promise<Answer> {
    const asked = instant(this.#options.clock);
    let reply = await this.#ask(part, false);
    if ('forgotten' in reply) reply = await this.#ask(part, true);
    if ('forgotten' in reply) throw new LinkLost('forgetting');
    this.#gone = undefined;
    this.#epoch = reply.epoch;
    this.recollection.learn(reply, asked);
    if (reply.lease === 'lost') this.#isLost = true;
    else this.#proof = asked;
    return {...reply, asked: asked.mono};
  }

  async #ask(part: Part, isForgotten: boolean): Promise<BudgetReply | Forgotten> {
    const {act = this.#fence === undefined ? undefined : 'keep', ...rest} = part;
    const call: BudgetCall = {
      nonce: randomUUID(),
      quiet,
      proc: this.#proc,
      id: '',
      lead: 0,
      flight: 0,
      nap: 2000,
      reserve: 0,
      probes: false,
      news: [],
      ...rest,
      ...this.recollection.words(isForgotten),
      lease: act && {
        act,
        token: this.#token,
        machine: this.#machine,
        fence: this.#fence,
        ttl: leaseMs,
        recent: this.#age < surelyOurs,
      },
    };
    const keys = ['state', 'sent', 'flight', 'line', 'seen', `lease:${this.#work}`];
    const answer = await this.#options.link.run(
      keys.map((key) => `${this.#prefix}:${key}`),
      JSON.stringify(call),
    );
    return JSON.parse(answer) as BudgetReply | Forgotten;
  }

  /**
   * Asks until Redis answers.
   *
   * @returns undefined when the signal aborted first
   * @throws TemporaryError (exit 75) when it has not answered for too long, LockedError when the lease is lost
   */
  async insist(part: Part, signal: AbortSignal): Promise<Answer | undefined> {
    const {clock, timeoutMs, onGone} = this.#options;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        const reply = await this.call(part);
        if (this.#isLost) throw takenOver();
        return reply;
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        this.#gone ??= instant(clock);
        const left = timeoutMs - minElapsedMs(clock, this.#gone);
        if (left <= 0) throw this.#gaveUp(error);
        if (tries === 3) onGone(left);
        await clock.sleep(Math.min(left, slowest, 50 * 2 ** tries), signal);
      }
    }
    return undefined;
  }

  /** Gives back what nobody else could take for a while. */
  async close(): Promise<void> {
    this.#closing.abort();
    const news = this.#limiter?.close() ?? [];
    const act = this.#fence === undefined ? {} : ({act: 'release'} as const);
    if (this.#epoch !== undefined)
      await this.call({asks: [], news, leaving: true, ...act}).catch(() => undefined);
    this.#options.link.close();
  }

  #gaveUp({message}: LinkLost): TemporaryError {
    return new TemporaryError(`Redis at ${this.shown} does not answer (${message})`, {
      code: 'redis_gone',
      hint: 'nothing is sent without it, and nothing is lost: see to it, then resume the run',
    });
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function busy(): LockedError {
  return new LockedError('another machine is at work on the rows of this file', {
    code: 'locked_elsewhere',
    hint: 'wait for it to end, or let this one wait with --wait-lock <seconds>',
  });
}

function takenOver(): LockedError {
  return new LockedError('another machine has gone on with this run, or may have while Redis was away', {
    code: 'taken_over',
    hint: 'once it is done there, look what is left here: bulk42 resume last',
  });
}
