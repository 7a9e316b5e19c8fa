import type {Clock} from '../clock.ts';
import {ConfigurationError, Interrupted, RefusedError, TemporaryError} from '../errors.ts';
import {certificateError, isCertificateError} from '../http/certificate-error.ts';
import {isScopeRefusal, messageOf, scopeError} from './classify-response.ts';
import type {Connection} from './connection.ts';
import {type HttpResponse, type HttpResult, isRecord, jsonOf} from '../http/http-result.ts';
import type {Purpose} from '../limits/limiter.ts';
import {backOff} from './retry-policy.ts';

export type Query = readonly (readonly [string, string])[];
export type Path = readonly (string | number)[];

/** The largest page that the API gives; larger sizes are cut down silently, smaller ones waste requests. */
export const pageSize = 100;

const tries = 5;

/**
 * Reads that do not take "no answer" for "nothing there": a reading that failed is tried again and then thrown,
 * since a look-up that wrongly came back empty would make a bulk tool create duplicates.
 */
export class Reader {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;

  constructor(connection: Connection, clock: Clock, stop: AbortSignal) {
    this.#connection = connection;
    this.#clock = clock;
    this.#stop = stop;
  }

  /** All items of a list, page after page. */
  async list(path: Path, query: Query, purpose: Purpose = 'read'): Promise<unknown[]> {
    const items: unknown[] = [];
    for (let page = 1; ; page++) {
      const paging: Query = [
        ['page[size]', String(pageSize)],
        ...(page === 1 ? [] : [['page[number]', String(page)] as const]),
      ];
      const answer = await this.#get(path, [...query, ...paging], purpose);
      const json = answer && jsonOf(answer);
      if (!Array.isArray(json)) throw notAllowed(path, 'the API does not show this list to the application');
      items.push(...(json as unknown[]));
      const total = answer?.headers.get('x-total') ?? '';
      const isLast = /^\d+$/.test(total) ? items.length >= Number(total) : json.length < pageSize;
      if (isLast || json.length === 0) return items;
    }
  }

  /** One record, or undefined where the API says that there is none. */
  async one(path: Path, purpose: Purpose = 'read'): Promise<Record<string, unknown> | undefined> {
    const answer = await this.#get(path, [], purpose);
    if (answer === undefined) return undefined;
    const json = jsonOf(answer);
    return isRecord(json) && Object.keys(json).length > 0 ? json : undefined;
  }

  /** A 2xx answer with JSON; undefined for a 404. */
  async #get(path: Path, query: Query, purpose: Purpose): Promise<HttpResponse | undefined> {
    for (let attempt = 1; ;) {
      const exchange = await this.#connection.read({path, query}, purpose);
      const {verdict, answer} = judge(path, exchange);
      if (verdict === 'good') return answer;
      if (verdict === 'missing') return undefined;
      if (verdict === 'limited') continue;
      if (attempt === tries) {
        throw new TemporaryError(`GET /v2/${path.join('/')} failed ${tries} times (${brief(exchange)})`, {
          code: 'read_failed',
          hint: 'the API may be down; nothing was concluded from it. Try again later',
        });
      }
      await this.#clock.sleep(backOff(attempt++), this.#stop);
      if (this.#stop.aborted) throw new Interrupted();
    }
  }
}

function judge(
  path: Path,
  exchange: HttpResult,
): {verdict: 'good' | 'missing' | 'limited' | 'failed'; answer?: HttpResponse} {
  if (exchange.kind === 'lost') {
    if (isCertificateError(exchange.code)) throw certificateError(exchange.code);
    return {verdict: 'failed'};
  }
  const {status} = exchange;
  const json = jsonOf(exchange);
  if (status >= 200 && status < 300)
    return json === undefined ? {verdict: 'failed'} : {verdict: 'good', answer: exchange};
  if (status === 429) return {verdict: 'limited'};
  if (status === 404) return {verdict: 'missing'};
  if (status >= 300 && status < 400) {
    throw new ConfigurationError(`GET /v2/${path.join('/')} is redirected (${status})`, {
      code: 'redirect',
      hint: 'check FORTYTWO_BASE_URL: it must be the address of the API itself',
    });
  }
  if (status >= 500 || status === 408 || (status === 403 && json === undefined)) return {verdict: 'failed'};
  const message = messageOf(json).slice(0, 300);
  if (isScopeRefusal(exchange, message)) throw scopeError(message);
  throw notAllowed(path, `the API answers ${status}${message ? ` (${message})` : ''}`);
}

function notAllowed(path: Path, what: string): RefusedError {
  return new RefusedError(`GET /v2/${path.join('/')}: ${what}`, {
    code: 'reading_refused',
    hint: 'the application may lack a role for this; see: bulk42 doctor',
  });
}

function brief(exchange: HttpResult): string {
  return exchange.kind === 'lost' ? exchange.code : `HTTP ${exchange.status}`;
}
