import type {HttpResult} from '../../src/http/http-result.ts';
import {empty} from '../api/responses.ts';
import type {ArrivalServer} from './simulate.ts';

/** How a second is counted: a trailing one, one of the clock, or a bucket that leaks one request at a time. */
export type SecondWindow = 'sliding' | 'clock' | 'leaky';

export interface SecondServerOptions {
  window: SecondWindow;
  perSecond: number;
  /** How long it works on a request, and whether it says so. */
  workMs: () => number;
  runtime: boolean;
  retryAfter?: boolean;
  headers?: boolean;
}

/** The API's counter of a second, and its ledger. */
export class SecondServer implements ArrivalServer {
  readonly admitted: number[] = [];
  readonly refused: number[] = [];
  readonly #options: SecondServerOptions;

  constructor(options: SecondServerOptions) {
    this.#options = options;
  }

  arrive(now: number): {result: HttpResult; workMs: number} {
    const {workMs: work, runtime, retryAfter = true, headers: speaks = true, perSecond} = this.#options;
    const isAdmitted = this.#isAdmitted(now);
    (isAdmitted ? this.admitted : this.refused).push(now);
    const workMs = isAdmitted ? work() : 1;
    const headers = {
      date: new Date(now).toUTCString(),
      ...(speaks && {
        'x-secondly-ratelimit-limit': String(perSecond),
        'x-hourly-ratelimit-limit': '90000',
        'x-hourly-ratelimit-remaining': '90000',
      }),
      ...(runtime && {'x-runtime': (workMs / 1000).toFixed(6)}),
      ...(!isAdmitted && retryAfter && {'retry-after': '1'}),
    };
    return {result: empty(isAdmitted ? 201 : 429, headers), workMs};
  }

  #isAdmitted(now: number): boolean {
    const {window, perSecond} = this.#options;
    if (window === 'leaky') return now - (this.admitted.at(-1) ?? -Infinity) >= 1000 / perSecond;
    const from = window === 'clock' ? Math.floor(now / 1000) * 1000 : now - 999.999;
    return this.admitted.slice(-perSecond).filter((at) => at >= from).length < perSecond;
  }
}
