import type {Clock} from '../clock.ts';
import {Interrupted, RefusedError, TemporaryError} from '../errors.ts';
import type {HttpResponse} from '../http/http-result.ts';
import {isRecord} from '../http/parse-json.ts';
import type {ApiResult} from './classify-response.ts';
import {describeResult} from './describe-result.ts';
import type {Connection} from './connection.ts';
import type {Purpose} from '../limits/limit-call.ts';
import {readList} from './read-list.ts';
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

  /**
   * All items of a list.
   *
   * @param maxItems the list cannot hold more, so that no further page is asked for
   * @throws TemporaryError (exit 75) when the list cannot be read whole, RefusedError (exit 77) when this application
   *   may not read it
   */
  async list(path: Path, query: Query, purpose: Purpose = 'read', maxItems?: number): Promise<Item[]> {
    const items = await readList(async (page) => {
      const paging: Query = [
        ['page[size]', String(pageSize)],
        ...(page === 1 ? [] : [['page[number]', String(page)] as const]),
      ];
      const response = await this.#get(path, [...query, ...paging], purpose, isListOfRecords);
      return {
        items: response?.json as Item[],
        pageSize: response?.pageSize,
        total: response?.total,
      };
    }, maxItems);
    return items ?? Promise.reject(changingList(path));
  }

  /** The two records with the highest ids of a list that can be sorted, the highest first. A server may not heed the order. */
  async newest(path: Path): Promise<Item[]> {
    const query = [
      ['sort', '-id'],
      ['page[size]', '2'],
    ] as const;
    const response = await this.#get(path, query, 'read', isListOfRecords);
    return (response?.json ?? []) as Item[];
  }

  /** One record, or undefined where the API says that there is none. */
  async one(path: Path, purpose: Purpose = 'read'): Promise<Item | undefined> {
    const response = await this.#get(path, [], purpose);
    const json = response?.json;
    return isRecord(json) && Object.keys(json).length > 0 ? json : undefined;
  }

  /**
   * A 2xx response with JSON that `isSound`; undefined for a 404 where one record was asked for. A list that is missing, or
   * refused once, is a reading that failed: only a second 403 says that this application may not read it.
   */
  async #get(
    path: Path,
    query: Query,
    purpose: Purpose,
    isSound?: (json: unknown) => boolean,
  ): Promise<HttpResponse | undefined> {
    let refusals = 0;
    for (let attempt = 1; ;) {
      const result = await this.#connection.read({path, query}, purpose);
      const reading = judgeReading(path, result);
      if (reading === 'rate_limited') continue;
      if (reading === 'missing' && !isSound) return undefined;
      if (typeof reading === 'object' && (isSound?.(reading.json) ?? true)) return reading;
      if (reading === 'forbidden' && ++refusals === 2) throw notAllowed(path, result);
      if (attempt === maxTries) throw readFailed(path, result);
      await this.#clock.sleep(backOff(attempt++), this.#stop);
      if (this.#stop.aborted) throw new Interrupted();
    }
  }
}

/** A list that holds something else than records is none of the API's, and what it does not show may exist. */
function isListOfRecords(json: unknown): boolean {
  return Array.isArray(json) && json.every(isRecord);
}

/** @throws RefusedError, ConfigurationError where reading again would not help */
function judgeReading(
  path: Path,
  result: ApiResult,
): HttpResponse | 'missing' | 'forbidden' | 'rate_limited' | 'failed' {
  switch (result.kind) {
    case 'success':
      return result.response.json === undefined ? 'failed' : result.response;
    case 'rate_limited':
      return 'rate_limited';
    case 'not_connected':
    case 'redirect':
    case 'scope_missing':
      throw result.error;
    case 'refused':
      if (result.response.status === 404) return 'missing';
      return result.response.status === 403 ? 'forbidden' : 'failed';
    case 'unauthorized':
    case 'wrong_server':
      throw notAllowed(path, result);
    case 'unsent':
    case 'no_response':
    case 'blocked':
    case 'misdirected':
    case 'server_error':
    case 'unclear':
      return 'failed';
  }
}

function notAllowed(path: Path, result: ApiResult): RefusedError {
  const message = 'message' in result && result.message ? ` (${result.message.slice(0, 300)})` : '';
  const status = 'response' in result ? ` ${result.response.status}` : '';
  return new RefusedError(`GET /v2/${path.join('/')}: the API answers${status}${message}`, {
    code: 'reading_refused',
    hint: 'the application may lack a role for this; see: bulk42 doctor',
  });
}

function changingList(path: Path): TemporaryError {
  return new TemporaryError(`GET /v2/${path.join('/')}: the list changes each time that it is read`, {
    code: 'list_changes',
    hint: 'another program is changing these records; nothing was concluded from it. Try again later',
  });
}

function readFailed(path: Path, result: ApiResult): TemporaryError {
  const isAnswered = result.kind === 'success';
  const isMissing = result.kind === 'refused' && result.response.status === 404;
  return new TemporaryError(
    `GET /v2/${path.join('/')} failed ${maxTries} times: the API ${describeResult(result)}`,
    {
      code: isMissing ? 'list_missing' : 'read_failed',
      hint: isAnswered
        ? 'does a proxy or a login page answer instead of the API? Nothing was concluded from it'
        : 'the API may be down; nothing was concluded from it. Try again later',
    },
  );
}
