import {setMaxListeners} from 'node:events';
import {beforeEach, describe, expect, it} from 'vitest';
import type {Clock} from '../../src/clock.ts';
import {LimitError} from '../../src/errors.ts';
import {CircuitBreaker, type WriteResult} from '../../src/send/circuit-breaker.ts';

const second = 1000;
const minute = 60 * second;
/** Resolves when all that is due has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

class ManualClock implements Clock {
  #now = 5000;
  #ahead = 1_700_000_000_000;
  #sleepers: {at: number; wake: () => void}[] = [];

  wall = () => this.#now + this.#ahead;
  mono = () => this.#now;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener('abort', () => resolve());
      this.#sleepers.push({at: this.#now + ms, wake: resolve});
    });
  }

  /** Sets the wall clock. */
  set(ms: number): void {
    this.#ahead += ms;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (await settled(); ; await settled()) {
      const [next] = this.#sleepers.toSorted((one, other) => one.at - other.at);
      if (!next || next.at > end) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
  }
}

let clock: ManualClock;
let stopping: AbortController;
let pauses: number[];
let reasons: string[];
let probes: number;
let alive: boolean;
let breaker: CircuitBreaker;

beforeEach(() => {
  clock = new ManualClock();
  stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  pauses = [];
  reasons = [];
  probes = 0;
  alive = true;
  breaker = new CircuitBreaker({
    clock,
    stop: stopping.signal,
    isAlive: () => {
      probes++;
      return Promise.resolve(alive);
    },
    onPause: (why, ms) => void [reasons.push(why), pauses.push(ms)],
  });
});

/** A write that waits for the breaker: `result` is undefined until it may go or fails. */
function ask(): {result: unknown} {
  const asked: {result: unknown} = {result: undefined};
  breaker.ready().then(
    () => (asked.result = 'may write'),
    (error: unknown) => (asked.result = error),
  );
  return asked;
}

const results: Record<string, WriteResult> = {x: 'outage', u: 'unreachable', f: 'firewall'};
const end = (outcomes: string) =>
  outcomes.split('').forEach((outcome) => breaker.complete(results[outcome] ?? 'responded'));

describe('closed', () => {
  it('lets any number of writes through at once', async () => {
    const asked = [ask(), ask(), ask()];
    await settled();
    expect(asked.map(({result}) => result)).toEqual(['may write', 'may write', 'may write']);
  });

  it.each([
    ['five outages in a row', 'xxxx', 'x'],
    ['five in a row after successes', '..x.xxxx', 'x'],
    ['ten of the last twenty', 'x.x.x.x.x.x.x.x.x..', 'x'],
  ])('opens after %s, and not before', (_, before, last) => {
    end(before);
    expect(pauses).toEqual([]);
    end(last);
    expect(pauses).toEqual([minute]);
  });

  it('forgets what is more than twenty outcomes ago', () => {
    end(`${'x.'.repeat(9)}..`.repeat(4));
    expect(pauses).toEqual([]);
  });

  it('does not open again by outages of writes that were in flight when it opened', () => {
    end('xxxxxxxx');
    expect(pauses).toEqual([minute]);
  });
});

describe('open', () => {
  beforeEach(() => end('xxxxx'));

  it('lets nothing through for a minute, and then asks the API once for all that wait', async () => {
    const asked = [ask(), ask()];
    await clock.advance(minute - 1);
    expect([asked[0]?.result, probes]).toEqual([undefined, 0]);
    await clock.advance(1);
    await settled();
    expect([asked[0]?.result, asked[1]?.result, probes]).toEqual(['may write', undefined, 1]);
  });

  it('waits no less when the wall clock is set', async () => {
    clock.set(10 * minute);
    const asked = ask();
    await clock.advance(minute - 1);
    expect([asked.result, probes]).toEqual([undefined, 0]);
  });

  it('asks once a minute while there is no response', async () => {
    alive = false;
    const asked = ask();
    await clock.advance(4 * minute + second);
    expect([asked.result, probes]).toEqual([undefined, 4]);
    alive = true;
    await clock.advance(minute);
    expect([asked.result, probes]).toEqual(['may write', 5]);
  });

  it('gives up after 15 minutes without a response', async () => {
    alive = false;
    const asked = ask();
    await clock.advance(15 * minute - second);
    expect(asked.result).toBeUndefined();
    await clock.advance(minute);
    expect(asked.result).toBeInstanceOf(LimitError);
    expect(asked.result).toMatchObject({code: 'outage', exitCode: 22});
    expect(probes).toBe(15);
  });

  it('counts the pauses of all openings: 15 minutes in all', async () => {
    alive = false;
    const first = ask();
    await clock.advance(9 * minute);
    alive = true;
    await clock.advance(minute);
    expect([first.result, probes]).toEqual(['may write', 10]);
    alive = false;
    end('x');
    const again = ask();
    await clock.advance(5 * minute - second);
    expect(again.result).toBeUndefined();
    await clock.advance(second);
    await settled();
    expect(again.result).toMatchObject({code: 'outage', exitCode: 22});
    expect(probes).toBe(15);
  });

  it('lets every write go when the run is stopped', async () => {
    const asked = [ask(), ask()];
    await clock.advance(second);
    stopping.abort();
    await settled();
    expect([asked[0]?.result, asked[1]?.result, probes]).toEqual(['may write', 'may write', 0]);
  });
});

it('opens by a single outage when half-open, whatever opened it before', async () => {
  end('x.x.x.x.x.x.x.x.x.x');
  ask();
  await clock.advance(minute);
  await settled();
  end('x');
  expect(pauses).toEqual([minute, minute]);
});

describe('half-open', () => {
  beforeEach(() => end('xxxxx'));

  const three = async () => {
    const asked = [ask(), ask(), ask()];
    await clock.advance(minute);
    await settled();
    return () => asked.filter(({result}) => result === 'may write').length;
  };

  it('lets one write through at a time, and all once it has worked', async () => {
    const through = await three();
    expect(through()).toBe(1);
    end('.');
    await settled();
    expect(through()).toBe(3);
    end('xxxx');
    expect(pauses).toEqual([minute]);
  });

  it('lets the next one try when a write was not sent after all', async () => {
    const through = await three();
    breaker.cancel();
    await settled();
    expect(through()).toBe(2);
  });

  it('opens again by a single outage', async () => {
    const through = await three();
    end('x');
    await clock.advance(minute - 1);
    expect([pauses, through()]).toEqual([[minute, minute], 1]);
    await clock.advance(1);
    await settled();
    expect([probes, through()]).toEqual([2, 2]);
  });

  it('ends the run at the third opening', async () => {
    const through = await three();
    end('x');
    await clock.advance(minute);
    await settled();
    end('x');
    const late = ask();
    await settled();
    expect(late.result).toMatchObject({code: 'outage', exitCode: 22});
    expect([pauses, through()]).toEqual([[minute, minute], 2]);
  });
});

it('distinguishes an unreachable network from an API that fails: 75', async () => {
  alive = false;
  end('uuuuu');
  expect([pauses, reasons]).toEqual([[minute], ['unreachable']]);
  const asked = ask();
  await clock.advance(16 * minute);
  expect(asked.result).toMatchObject({code: 'unreachable', exitCode: 75});
});

describe('a firewall', () => {
  /** Each time that one write is let through, its end is the next of these. */
  async function meet(outcomes: string) {
    const seen: unknown[] = [];
    for (const outcome of outcomes) {
      const asked = ask();
      await clock.advance(minute);
      await settled();
      seen.push(asked.result);
      if (asked.result === 'may write') end(outcome);
    }
    return seen;
  }

  it('holds all writes back by its first page, and those in flight count as one with it', async () => {
    end('fff');
    expect([breaker.isOpen, pauses, reasons]).toEqual([true, [minute], ['firewall']]);
    const asked = ask();
    await clock.advance(minute - 1);
    expect([asked.result, probes]).toEqual([undefined, 0]);
    await clock.advance(1);
    await settled();
    expect([asked.result, probes, breaker.isOpen]).toEqual(['may write', 1, false]);
  });

  it('ends the run by its third page in a row', async () => {
    expect(await meet('fff')).toEqual(['may write', 'may write', 'may write']);
    const late = ask();
    await settled();
    expect(late.result).toMatchObject({code: 'firewall', exitCode: 77});
    expect(pauses).toEqual([minute, minute]);
  });

  it('ends nothing by pages now and then', async () => {
    expect(await meet('f.f.f.ff..')).toEqual(Array(10).fill('may write'));
  });
});
