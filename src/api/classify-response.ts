import {Bulk42Error, ConfigurationError, RefusedError} from '../errors.ts';
import {certificateError, isCertificateError} from '../http/certificate-error.ts';
import {retryAfter} from '../http/retry-after.ts';
import {type HttpResponse, type HttpResult, isRecord, jsonOf} from '../http/http-result.ts';

/**
 * What one attempt of a write came to. The whole safety of a run hangs on one distinction: `doubt` means that
 * the write may have been applied, and then nothing is ever sent again without a reading; every other kind but
 * `applied` is a proof that it was not.
 */
export type Verdict =
  /** `id` of the record, where the answer tells it. */
  | {kind: 'applied'; id?: number}
  /** The API refused this row; `message` is the API's own, made safe to keep. */
  | {kind: 'rejected'; code: string; message: string}
  /** No byte left this machine. */
  | {kind: 'unsent'; code: string}
  | {kind: 'rate_limited'}
  | {kind: 'unauthorized'}
  /** A firewall's page instead of the API's answer. */
  | {kind: 'blocked'}
  /** The server asked to send it again on another connection. */
  | {kind: 'again'}
  | {
      kind: 'doubt';
      why: string;
      /** Counts as a sign that the API is down. */
      outage: boolean;
      /** The server asked to be left alone for so long, in milliseconds. */
      waitMs?: number;
      /** The API's refusal, should a reading show that nothing was applied. */
      refusal?: {code: string; message: string};
      /** The API has said that it did not apply it: a reading may prove it wrong, and nothing can come later. */
      refused?: true;
      /** After the row is put aside, the run must end. */
      stop?: Bulk42Error;
    }
  /** Not applied, and every other row would fare the same. */
  | {kind: 'stop'; error: Bulk42Error};

export interface Attempted {
  method: 'POST' | 'PUT' | 'DELETE';
  /** PlanExecution it twice does it twice: a POST, or a PUT that adds nested records. */
  once: boolean;
  /** An earlier attempt of this row was sent: "already taken" may be our own doing. */
  again: boolean;
  /** It is part of the removal of a record: finding the record gone is all that a removal can want. */
  removal?: boolean;
}

const maxWaitMs = 3_600_000;

/**
 * Decides what an answer, or its absence, proves. A server error proves nothing: an application can fail after
 * its transaction was committed. Where the status is one that a proxy gives too, the body's shape decides.
 */
export function classifyAnswer(exchange: HttpResult, attempted: Attempted): Verdict {
  if (exchange.kind === 'lost') {
    // Given up by ourselves, in the middle of it: no fault of the API, and as if this process had died there.
    if (exchange.sent && exchange.code === 'aborted') return {kind: 'doubt', why: 'no_answer', outage: false};
    if (exchange.sent)
      return {kind: 'doubt', why: exchange.code === 'timeout' ? 'timeout' : 'connection_lost', outage: true};
    return isCertificateError(exchange.code)
      ? {kind: 'stop', error: certificateError(exchange.code)}
      : {kind: 'unsent', code: exchange.code};
  }
  const {status} = exchange;
  if (status >= 500) {
    const waitMs = status === 503 ? retryAfter(exchange.headers) : undefined;
    const verdict = {kind: 'doubt', why: `http_${status}`, outage: true} as const;
    return waitMs === undefined ? verdict : {...verdict, waitMs: Math.min(waitMs, maxWaitMs)};
  }
  if (status >= 400) return classifyRefusal(exchange, attempted);
  if (status >= 300) return classifyRedirect(exchange);
  return classifySuccess(exchange, attempted.method);
}

function classifySuccess(answer: HttpResponse, method: Attempted['method']): Verdict {
  const {status} = answer;
  if (status === 202 || status === 206) return {kind: 'doubt', why: `http_${status}`, outage: false};
  if (method !== 'POST') return {kind: 'applied'};
  const json = jsonOf(answer);
  const id = isRecord(json) ? json['id'] : undefined;
  if (Number.isSafeInteger(id)) return {kind: 'applied', id: id as number};
  // The status line is the proof; a body that was cut off, empty or broken takes nothing from it. A page, or
  // JSON that is no record, comes from something else than the endpoint.
  const isPage = /\bhtml\b/i.test(answer.headers.get('content-type') ?? '');
  if (status === 201 && !isPage && json === undefined) return {kind: 'applied'};
  return {kind: 'doubt', why: 'unexpected_body', outage: false};
}

function classifyRedirect({status, headers}: HttpResponse): Verdict {
  const error = new ConfigurationError(`the API redirects (${status}) and redirects are never followed`, {
    code: 'redirect',
    hint: `check FORTYTWO_BASE_URL; the answer points to ${originOf(headers.get('location'))}`,
  });
  const surelyNotApplied = status === 301 || status === 307 || status === 308;
  return surelyNotApplied
    ? {kind: 'stop', error}
    : {kind: 'doubt', why: `http_${status}`, outage: false, stop: error};
}

function classifyRefusal(answer: HttpResponse, {once, again, removal}: Attempted): Verdict {
  const json = jsonOf(answer);
  const message = messageOf(json);
  const rejected = (code: string): Verdict => ({kind: 'rejected', code, message});
  const inDoubt = (why = `http_${answer.status}`): Verdict => ({kind: 'doubt', why, outage: false});
  switch (answer.status) {
    case 401:
      return {kind: 'unauthorized'};
    case 403:
      if (json === undefined) return {kind: 'blocked'};
      return isScopeRefusal(answer, message)
        ? {kind: 'stop', error: scopeError(message)}
        : rejected('forbidden');
    case 404:
      if (removal) return {kind: 'applied'};
      return {
        kind: 'rejected',
        code: 'not_found',
        message: message || 'unknown to the API, or not visible to this application',
      };
    case 409:
      if (json === undefined) return inDoubt();
      return {
        kind: 'doubt',
        why: 'conflict',
        outage: false,
        refusal: {code: 'conflict', message},
        refused: true,
      };
    case 422: {
      if (json === undefined) return inDoubt();
      const taken = /\btaken\b|already exist/i.test(message);
      if (taken && again && once) {
        return {kind: 'doubt', why: 'taken', outage: false, refusal: {code: 'taken', message}};
      }
      return rejected(taken ? 'taken' : 'rejected');
    }
    case 421:
    case 425:
      return {kind: 'again'};
    case 429:
      return {kind: 'rate_limited'};
    case 405:
    case 415:
      return {kind: 'stop', error: wrongServer(answer.status)};
    case 400:
    case 406:
    case 410:
    case 411:
    case 413:
    case 414:
    case 417:
    case 431:
      return json === undefined ? inDoubt() : rejected(`http_${answer.status}`);
    default:
      return inDoubt();
  }
}

/** The words of an error answer, whichever of the API's shapes it has, as they are: of any length, about anyone. */
export function messageOf(json: unknown): string {
  if (!isRecord(json)) return '';
  const {error, errors, message} = json;
  const words: string[] = [];
  if (typeof error === 'string') words.push(error);
  if (typeof message === 'string') words.push(message);
  if (Array.isArray(errors)) words.push(...errors.filter((each) => typeof each === 'string'));
  if (isRecord(errors)) {
    for (const [field, each] of Object.entries(errors))
      words.push(`${field} ${[each].flat().map(String).join(', ')}`);
  }
  return words.join(': ');
}

export function isScopeRefusal(answer: HttpResponse, message: string): boolean {
  return /insufficient.scope/i.test(`${answer.headers.get('www-authenticate') ?? ''} ${message}`);
}

export function scopeError(message: string): RefusedError {
  return new RefusedError(`the application lacks a scope (${message.slice(0, 300)})`, {
    code: 'scope',
    hint: 'add the scope to the application in its settings on the intra, then: bulk42 doctor',
  });
}

function wrongServer(status: number): ConfigurationError {
  return new ConfigurationError(`the API does not know this kind of request (${status})`, {
    code: 'wrong_server',
    hint: 'check FORTYTWO_BASE_URL: it must be the address of the API itself',
  });
}

function originOf(location: string | null): string {
  return location !== null && URL.canParse(location)
    ? new URL(location).origin
    : 'another path of the same host';
}
