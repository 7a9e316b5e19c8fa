import {type Clock, type Instant, instant, maxElapsedMs, minElapsedMs} from '../../clock.ts';
import type {BudgetCall, BudgetReply} from './budget-call.ts';

const hour = 3_600_000;

/**
 * What this process can tell a Redis that has forgotten: what its machine sent in the last hour, and what Redis knew
 * of the API when it last answered. So a budget that is used up stays used up.
 */
export class Recollection {
  readonly #clock: Clock;
  readonly #machine: string;
  /** Wall times of requests. They name them, so that nothing counts twice. */
  #sent: number[] = [];
  #last: {reply: BudgetReply; asked: Instant; heard: Instant} | undefined;

  constructor(clock: Clock, machine: string) {
    this.#clock = clock;
    this.#machine = machine;
  }

  /** What earlier processes of this machine sent in the last hour. */
  remember(sent: readonly number[]): void {
    this.#sent = [...sent];
  }

  /** Names the next request, by a wall time that this process uses once. */
  nextName(): {id: string; wall: number} {
    const wall = Math.max(Math.round(this.#clock.wall()), (this.#sent.at(-1) ?? 0) + 1);
    return {id: this.#name(wall), wall};
  }

  sent(wall: number): void {
    const since = this.#clock.wall() - hour;
    while ((this.#sent[0] ?? Infinity) < since) this.#sent.shift();
    this.#sent.push(wall);
  }

  learn(reply: BudgetReply, asked: Instant): void {
    this.#last = {reply, asked, heard: instant(this.#clock)};
  }

  /** By which Redis notices that it has forgotten; with all that is remembered, for one that has. */
  words(isForgotten: boolean): Pick<BudgetCall, 'known' | 'memory' | 'seed'> {
    if (!this.#last) return {seed: this.#seed()};
    const {reply, asked, heard} = this.#last;
    const known = {
      epoch: reply.epoch,
      now: reply.now,
      least: minElapsedMs(this.#clock, heard),
      most: maxElapsedMs(this.#clock, asked),
    };
    return isForgotten ? {known, memory: reply.memory, seed: this.#seed()} : {known};
  }

  #seed(): [string, number][] {
    const wall = this.#clock.wall();
    return this.#sent.map((sent) => [this.#name(sent), Math.max(0, wall - sent)]);
  }

  #name(wall: number): string {
    return `${this.#machine.slice(0, 8)}:${wall}`;
  }
}
