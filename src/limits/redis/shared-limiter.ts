import type {HttpResult} from '../../http/http-result.ts';
import type {Limiter, Limits, Permit, Purpose, SharedLimiterOptions} from '../limiter.ts';
import {maxRefusals, rateLimited} from '../rate-limited.ts';
import {Interrupted} from '../../errors.ts';
import type {Ask, BudgetReply, News} from './budget-call.ts';
import {ClockOffset} from './clock-offset.ts';
import {newsOf} from './news-of.ts';
import type {SharedBudget} from './shared-budget.ts';
import {WaitLine} from './wait-line.ts';

/** When one request may leave, on our monotonic clock. */
interface Slot {
  id: string;
  at: number;
  given: number;
  /** Redis' memory that knows of it. */
  epoch: string | undefined;
  /** There is no limit a second: any time after `at` will do. */
  loose: boolean;
}

/** A slot that is missed by more would come too close to the next. The distances leave 20 ms in a second. */
const maxLateMs = 15;
/** Permissions are held for no longer than this ahead, so that a process that dies wastes few. */
const maxAhead = 250;
/** What is between permission and departure: the intent on the disk. */
const toPrepare = 50;
const maxSleepMs = 2000;
/** From here on nothing is spaced, see budgetScript. */
const noLimit = 200;
const minAnnouncedWaitMs = 10_000;

/**
 * The limiter of a process that shares its budget. What is known of limits, pauses and the hour is in Redis; here are
 * the requests that wait, one of which asks at a time, and the slots that they got.
 *
 *   acquire: ask, wait for the slot to come near ──▶ intent on disk ──▶ ready: is the slot still good? wait for it
 *
 * A slot that was missed, that Redis has forgotten, or that a 429 has overtaken is exchanged for another one.
 */
export class SharedLimiter implements Limiter {
  readonly #budget: SharedBudget;
  readonly #options: SharedLimiterOptions;
  readonly #offset = new ClockOffset();
  readonly #line = new WaitLine<Slot>();
  #news: News[] = [];
  #lastRefusal = -Infinity;
  #lastSlot = -Infinity;
  #pausedUntil = -Infinity;
  #reserve = 0;
  #probe: (() => Promise<unknown>) | undefined;
  #isPumping = false;
  #failure: Error | undefined;
  #announced = 0;
  #wake = new AbortController();
  #limits: Limits;

  constructor(budget: SharedBudget, options: SharedLimiterOptions) {
    this.#budget = budget;
    this.#options = options;
    const {perSecond = 2, perHour = 1200} = options;
    this.#limits = {perSecond, perHour, left: perHour, sharers: 1};
  }

  get limits(): Limits {
    return this.#limits;
  }

  probeWith(probe: () => Promise<unknown>): void {
    this.#probe = probe;
  }

  reserve(requests: number): void {
    this.#reserve = requests;
    this.#stir();
  }

  async acquire(purpose: Purpose, signal: AbortSignal = this.#options.stop): Promise<Permit> {
    const slot = await this.#ask(purpose, signal);
    if (!slot) throw new Interrupted();
    const {id} = slot;
    const {clock} = this.#options;
    await clock.sleep(slot.at - toPrepare - clock.mono(), signal);
    if (signal.aborted) {
      this.#tell({id, kind: 'unsent'});
      throw new Interrupted();
    }
    return {
      ready: () => this.#ready(slot),
      mayLeave: () => this.#budget.mayStillSend,
      complete: (result) => this.#complete(id, result),
      cancel: () => this.#tell({id, kind: 'unsent'}),
    };
  }

  async #ready(given: Slot): Promise<boolean> {
    const {clock, stop} = this.#options;
    let slot = given;
    for (;;) {
      const {id, at} = slot;
      if (this.#isVoid(slot)) {
        const missed = this.#isLate(slot) ? this.#offset.toRedis(at) : undefined;
        const other = await this.#ask('again', stop, missed).catch(() => undefined);
        if (!other) {
          this.#tell({id, kind: 'unsent'});
          return false;
        }
        slot = {...other, id};
      } else if (!this.#budget.isProven(at)) {
        await clock.sleep(at - this.#offset.lead - clock.mono());
        // Whoever asks learns whether Redis still knows of us; a failure makes the next one who takes fail.
        await this.#budget.insist({}, stop).catch((error: unknown) => this.#fail(error));
        if (stop.aborted || this.#failure !== undefined) slot = {...slot, epoch: undefined};
      } else if (at > clock.mono()) {
        await clock.sleep(at - clock.mono());
      } else {
        return true;
      }
    }
  }

  #complete(id: string, exchange: HttpResult): void {
    const redis = this.#options.clock.wall() + this.#offset.ahead(this.#options.clock);
    try {
      const news = newsOf(id, exchange, redis, this.#options.random);
      // What was permitted before gets another slot, once Redis knows of the refusal.
      if (news.kind === 'refused') this.#lastRefusal = this.#options.clock.mono();
      this.#tell(news);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What nobody has told Redis yet. Nothing is asked from now on. */
  close(): News[] {
    this.#fail(new Interrupted());
    return this.#news.splice(0);
  }

  #isLate({at, loose}: Slot): boolean {
    return !loose && this.#options.clock.mono() > at + maxLateMs;
  }

  #isVoid(slot: Slot): boolean {
    const {epoch, given} = slot;
    const {clock} = this.#options;
    return (
      this.#isLate(slot) ||
      epoch === undefined ||
      given < this.#lastRefusal ||
      epoch !== this.#budget.epoch ||
      this.#pausedUntil > clock.mono()
    );
  }

  #tell(news: News): void {
    this.#news.push(news);
    this.#stir();
  }

  #ask(ask: Ask, signal: AbortSignal, missed?: number): Promise<Slot | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const given = this.#line.join(ask, signal, () => this.#stir(), missed);
    this.#stir();
    return given;
  }

  #stir(): void {
    this.#wake.abort();
    if (this.#isPumping) return;
    this.#isPumping = true;
    void this.#pump().finally(() => {
      this.#isPumping = false;
      const isOver = this.#failure !== undefined || this.#options.stop.aborted;
      if (!isOver && this.#line.length + this.#news.length > 0) this.#stir();
    });
  }

  /** One call after the other, for as long as somebody waits or has something to tell. */
  async #pump(): Promise<void> {
    const {clock, stop} = this.#options;
    // What happens in this turn of the event loop goes into one call.
    await Promise.resolve();
    let wait = 0;
    for (;;) {
      this.#line.sweep(this.#failure);
      const isOver = this.#failure !== undefined || stop.aborted;
      if (isOver || this.#line.length + this.#news.length === 0) return;
      const {asks} = this.#line;
      const tooEarly = asks[0] === 'again' ? 0 : this.#lastSlot - maxAhead - clock.mono();
      if (this.#wake.signal.aborted) {
        this.#wake = new AbortController();
        wait = 0;
      }
      const nap = Math.max(wait, tooEarly);
      if (nap > 0 && this.#news.length === 0) {
        await clock.sleep(Math.min(nap, maxSleepMs), this.#wake.signal);
        wait = 0;
        continue;
      }
      try {
        wait = await this.#callOnce(tooEarly > 0 ? [] : asks);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** @returns milliseconds until it makes sense to ask again */
  async #callOnce(asks: readonly Ask[]): Promise<number> {
    const {clock, perSecond, perHour, timeoutMs, stop} = this.#options;
    const name = this.#budget.recollection.nextName();
    const news = this.#news.splice(0);
    const part = {
      id: name.id,
      asks,
      missed: this.#line.missed,
      news,
      lead: this.#offset.lead,
      flight: timeoutMs + 30_000,
      nap: maxSleepMs,
      reserve: this.#reserve,
      probes: this.#probe !== undefined,
      per_second: perSecond,
      per_hour: perHour,
    };
    const reply = await this.#budget.insist(part, stop);
    if (!reply) {
      this.#news.unshift(...news);
      return 0;
    }
    this.#offset.learn(reply.asked, clock.mono(), reply.now);
    this.#limits = {
      perSecond: reply.per_second,
      perHour: reply.per_hour,
      left: reply.left,
      sharers: reply.sharers,
    };
    this.#pausedUntil = reply.paused > 0 ? clock.mono() + reply.paused : -Infinity;
    const {refusals: inARow = 0} = reply;
    if (inARow >= maxRefusals) throw rateLimited({inARow});
    // The probe asks for a permission of its own, so it must not be waited for here.
    if (reply.probe) void Promise.resolve(this.#probe?.()).catch((error: unknown) => this.#fail(error));
    if (reply.grant !== undefined) this.#give(reply.grant, reply, name);
    else if (reply.wait !== undefined) this.#announce(reply);
    return reply.grant === undefined ? (reply.wait ?? 0) : 0;
  }

  #give(grant: Ask, reply: BudgetReply & {asked: number}, {id, wall}: {id: string; wall: number}): void {
    const {slot = 0, now, asked, epoch, per_second: perSecond} = reply;
    const loose = perSecond >= noLimit;
    const at = this.#offset.toMono(now + slot, asked + slot, this.#options.clock.mono() + slot);
    if (!loose) this.#lastSlot = Math.max(at, this.#lastSlot);
    if (!this.#line.give(grant, {id, at, given: this.#options.clock.mono(), epoch, loose})) {
      if (grant !== 'again') this.#tell({id, kind: 'unsent'});
      return;
    }
    if (grant !== 'again') {
      this.#budget.recollection.sent(wall);
      this.#options.onSend?.(wall);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error('something was thrown that is no error');
    this.#stir();
  }

  /** Once for each wait, not once for each request that waits. */
  #announce({wait = 0, why}: BudgetReply): void {
    if (why === undefined || (wait < minAnnouncedWaitMs && why === 'hour')) return;
    const until = this.#options.clock.mono() + wait;
    if (Math.abs(until - this.#announced) < 1000) return;
    this.#announced = until;
    this.#options.onWait?.(why, wait);
  }
}
