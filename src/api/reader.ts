import type {Clock} from '../clock.ts';
import {Interrupted, RefusedError, TemporaryError} from '../errors.ts';
import type {HttpResponse} from '../http/http-result.ts';
import {isRecord} from '../http/parse-json.ts';
import type {ApiResult} from './classify-response.ts';
import {describeResult} from './describe-result.ts';
import type {Connection} from './connection.ts';
import type {Purpose} from '../limits/limiter.ts';
import {backOff} from './retry-policy.ts';

export type Query = readonly (readonly [string, string])[];
/** A record as the API shows it. */
export type Item = Record<string, unknown>;
export type Path = readonly (string | number)[];

/** The largest page that the API gives; larger sizes are cut down silently, smaller ones waste requests. */
export const pageSize = 100;

const maxTries = 5;

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
  async list(path: Path, query: Query, purpose: Purpose = 'read'): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const paging: Query = [
        ['page[size]', String(pageSize)],
        ...(page === 1 ? [] : [['page[number]', String(page)] as const]),
      ];
      const response = await this.#get(path, [...query, ...paging], purpose, isSoundList);
      const json = response?.json;
      if (!Array.isArray(json)) throw notAllowed(path, 'the API does not show this list to the application');
      for (const item of json as Item[]) items.push(item);
      const total = response?.total;
      const isLast = total === undefined ? json.length < pageSize : items.length >= total;
      if (isLast || json.length === 0) return items;
    }
  }

  /** One record, or undefined where the API says that there is none. */
  async one(path: Path, purpose: Purpose = 'read'): Promise<Item | undefined> {
    const response = await this.#get(path, [], purpose);
    const json = response?.json;
    return isRecord(json) && Object.keys(json).length > 0 ? json : undefined;
  }

  /** A 2xx response with JSON; undefined for a 404. */
  async #get(
    path: Path,
    query: Query,
    purpose: Purpose,
    isSound: (json: unknown) => boolean = () => true,
  ): Promise<HttpResponse | undefined> {
    for (let attempt = 1; ;) {
      const result = await this.#connection.read({path, query}, purpose);
      const reading = judgeReading(path, result);
      if (reading === 'missing') return undefined;
      if (reading === 'rate_limited') continue;
      if (reading !== 'failed' && isSound(reading.json)) return reading;
      if (attempt === maxTries) throw readFailed(path, result);
      await this.#clock.sleep(backOff(attempt++), this.#stop);
      if (this.#stop.aborted) throw new Interrupted();
    }
  }
}

/** A list that holds something else than records is none of the API's, and what it does not show may exist. */
function isSoundList(json: unknown): boolean {
  return !Array.isArray(json) || json.every(isRecord);
}

/** @throws RefusedError, ConfigurationError where reading again would not help */
function judgeReading(path: Path, result: ApiResult): HttpResponse | 'missing' | 'rate_limited' | 'failed' {
  switch (result.kind) {
    case 'success':
      return result.response.json === undefined ? 'failed' : result.response;
    case 'rate_limited':
      return 'rate_limited';
    case 'untrusted':
    case 'redirect':
    case 'scope_missing':
      throw result.error;
    case 'refused':
      if (result.response.status === 404) return 'missing';
      throw refused(path, result.response.status, result.message);
    case 'unauthorized':
    case 'wrong_server':
      throw refused(path, result.response.status, '');
    case 'unsent':
    case 'no_response':
    case 'blocked':
    case 'misdirected':
    case 'server_error':
    case 'unclear':
      return 'failed';
  }
}

function refused(path: Path, status: number, message: string): RefusedError {
  return notAllowed(path, `the API answers ${status}${message ? ` (${message.slice(0, 300)})` : ''}`);
}

function notAllowed(path: Path, what: string): RefusedError {
  return new RefusedError(`GET /v2/${path.join('/')}: ${what}`, {
    code: 'reading_refused',
    hint: 'the application may lack a role for this; see: bulk42 doctor',
  });
}

function readFailed(path: Path, result: ApiResult): TemporaryError {
  const isAnswered = result.kind === 'success';
  return new TemporaryError(
    `GET /v2/${path.join('/')} failed ${maxTries} times: the API ${describeResult(result)}`,
    {
      code: 'read_failed',
      hint: isAnswered
        ? 'does a proxy or a login page answer instead of the API? Nothing was concluded from it'
        : 'the API may be down; nothing was concluded from it. Try again later',
    },
  );
}
