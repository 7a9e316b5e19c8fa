import type {HttpResult} from '../../src/http/http-result.ts';
import {Interrupted} from '../../src/errors.ts';
import type {Purpose} from '../../src/limits/limit-call.ts';
import type {Limiter} from '../../src/limits/limiter.ts';
import type {Permit} from '../../src/limits/permit.ts';

/** Permits that end in the order in which they were given: enough where one request is like another. */
export class FifoLimiter {
  readonly limiter: Limiter;
  readonly #permits: Permit[] = [];

  constructor(limiter: Limiter) {
    this.limiter = limiter;
  }

  /** Waits until a request may leave. False when the signal aborted first. */
  async acquire(purpose: Purpose, signal: AbortSignal = new AbortController().signal): Promise<boolean> {
    try {
      const permit = await this.limiter.acquire(purpose, signal);
      const isReady = (await permit.ready()) && permit.mayLeave();
      if (isReady) this.#permits.push(permit);
      return isReady;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      throw error;
    }
  }

  complete(result: HttpResult): void {
    this.#permits.shift()?.complete(result);
  }

  cancel(): void {
    this.#permits.pop()?.cancel();
  }
}
