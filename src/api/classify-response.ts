import {type Bulk42Error, ConfigurationError, RefusedError} from '../errors.ts';
import {certificateError, isCertificateError} from '../http/certificate-error.ts';
import {buildPath} from '../http/build-path.ts';
import type {Call} from '../http/client.ts';
import type {HttpResponse, HttpResult} from '../http/http-result.ts';
import {proxyRefusal} from '../http/proxy-refusal.ts';
import {errorMessage} from './error-message.ts';

/**
 * What a response, or its absence, is. It is decided here and nowhere else; what follows from it for a write, a reading
 * or a token is decided by `judgeWrite`, `Reader` and `AccessToken`.
 */
export type ApiResult =
  /** No byte left this machine. */
  | {kind: 'unsent'; code: string}
  /** No byte left this machine, since the server could not prove who it is, or the proxy lets none through. */
  | {kind: 'not_connected'; error: Bulk42Error}
  /** Sent, and no status line came. */
  | {kind: 'no_response'; code: string}
  | {kind: PlainKind; response: HttpResponse}
  /** Every other request would fare the same: a person has to act. */
  | {kind: 'redirect' | 'scope_missing' | 'wrong_server'; response: HttpResponse; error: Bulk42Error}
  /** The API refused this request. `message` is the API's own: of any length, with what the request held. */
  | {kind: 'refused'; response: HttpResponse; code: string; message: string};

/** What was asked for, for messages. */
type RequestLine = Pick<Call, 'method' | 'path'>;

type PlainKind =
  | 'success'
  | 'unauthorized'
  | 'rate_limited'
  /** A firewall's page, or nothing, instead of a 403 of the API. */
  | 'blocked'
  /** The server asks to send it again on another connection. */
  | 'misdirected'
  | 'server_error'
  /** A status that proves nothing, or one that a proxy gives too and that came without an answer of the API. */
  | 'unclear';

/** Where the status is one that a proxy gives too, JSON shows that it is the API that speaks. */
export function classifyResponse(result: HttpResult, call: RequestLine): ApiResult {
  if (result.kind === 'response') return classifyStatus(result, call);
  if (result.sent) return {kind: 'no_response', code: result.code};
  const error = isCertificateError(result.code) ? certificateError(result.code) : proxyRefusal(result.code);
  return error ? {kind: 'not_connected', error} : {kind: 'unsent', code: result.code};
}

function classifyStatus(response: HttpResponse, call: RequestLine): ApiResult {
  const {status} = response;
  if (status < 300) return {kind: 'success', response};
  if (status < 400) return {kind: 'redirect', response, error: redirectError(response, call)};
  if (status >= 500) return {kind: 'server_error', response};
  switch (status) {
    case 401:
      return {kind: 'unauthorized', response};
    case 404:
      return refusal(response, 'not_found');
    case 405:
    case 415:
      return {kind: 'wrong_server', response, error: wrongServer(status, call)};
    case 421:
    case 425:
      return {kind: 'misdirected', response};
    case 429:
      return {kind: 'rate_limited', response};
    default:
      return classifyRefusal(response);
  }
}

/** Statuses that are the API's refusal only where it says so itself, in JSON. */
function classifyRefusal(response: HttpResponse): ApiResult {
  const {status, json, authenticate} = response;
  const isFromApi = json !== undefined;
  switch (status) {
    case 403: {
      if (!isFromApi) return {kind: 'blocked', response};
      const message = errorMessage(json);
      return /insufficient.scope/i.test(`${authenticate} ${message}`)
        ? {kind: 'scope_missing', response, error: scopeError(message)}
        : refusal(response, 'forbidden');
    }
    case 409:
      return isFromApi ? refusal(response, 'conflict') : {kind: 'unclear', response};
    case 422: {
      const isTaken = /\btaken\b|already exist/i.test(errorMessage(json));
      return isFromApi ? refusal(response, isTaken ? 'taken' : 'rejected') : {kind: 'unclear', response};
    }
    case 400:
    case 406:
    case 410:
    case 411:
    case 413:
    case 414:
    case 417:
    case 431:
      return isFromApi ? refusal(response, `http_${status}`) : {kind: 'unclear', response};
    default:
      return {kind: 'unclear', response};
  }
}

function refusal(response: HttpResponse, code: string): ApiResult {
  return {kind: 'refused', response, code, message: errorMessage(response.json)};
}

function redirectError({status, location}: HttpResponse, call: RequestLine): ConfigurationError {
  const target =
    location !== undefined && URL.canParse(location)
      ? new URL(location).origin
      : 'another path of the same host';
  return new ConfigurationError(
    `the API redirects ${nameOf(call)} (${status}), and redirects are never followed`,
    {
      code: 'redirect',
      hint: `check FORTYTWO_BASE_URL: it must be the address of the API itself. The response points to ${target}`,
    },
  );
}

function scopeError(message: string): RefusedError {
  return new RefusedError(`the application lacks a scope (${message.slice(0, 300)})`, {
    code: 'scope',
    hint: 'add the scope to the application in its settings on the intra, then: bulk42 doctor',
  });
}

function wrongServer(status: number, call: RequestLine): ConfigurationError {
  return new ConfigurationError(`the API does not know ${nameOf(call)} (${status})`, {
    code: 'wrong_server',
    hint: 'check FORTYTWO_BASE_URL: it must be the address of the API itself',
  });
}

function nameOf({method, path}: RequestLine): string {
  return `${method} /${buildPath(path)}`;
}
