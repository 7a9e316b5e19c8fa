import type {Bulk42Error} from '../errors.ts';
import {isRecord} from '../http/parse-json.ts';
import type {HttpResponse} from '../http/http-result.ts';
import type {ApiResult} from './classify-response.ts';

/**
 * What one attempt of a write came to. The whole safety of a run hangs on one distinction: `doubt` means that
 * the write may have been applied, and then nothing is ever sent again without a reading; every other kind but
 * `applied` is a proof that it was not.
 */
export type Verdict =
  /** `id` of the record and the fields that the job asks for, where the response holds them. */
  | {kind: 'applied'; id?: number; fields?: Record<string, string>}
  /** The API refused this row. `message` is the API's own, with what the row holds. */
  | {kind: 'rejected'; code: string; message: string}
  /** No byte left this machine. */
  | {kind: 'unsent'; code: string}
  | {kind: 'rate_limited'}
  | {kind: 'unauthorized'}
  /** A firewall's page instead of the API's response. */
  | {kind: 'blocked'}
  /** The server asks to send it again on another connection. */
  | {kind: 'misdirected'}
  | {
      kind: 'doubt';
      why: string;
      /** Counts as a sign that the API is down. */
      isOutage: boolean;
      /** For how long the server asks to be left alone. */
      waitMs?: number;
      /** The API's refusal, should a reading show that nothing was applied. */
      refusal?: {code: string; message: string};
      /** The API has said that it did not apply it: a reading may prove it wrong, and nothing can come later. */
      isRefused?: true;
      /** After the row is put aside, the run must end. */
      stop?: Bulk42Error;
    }
  /** Not applied, and every other row would fare the same. */
  | {kind: 'stop'; error: Bulk42Error};

export interface Attempt {
  method: 'POST' | 'PUT' | 'DELETE';
  /** Sending it twice does no harm. */
  isIdempotent: boolean;
  /** An earlier attempt of this row was sent: "already taken" may be its own effect. */
  isRepeated: boolean;
  /** It is part of the removal of a record, which is done where a reading shows no record. */
  isRemoval: boolean;
  /** The root key of the body, in which the API may wrap the record of its response. */
  root?: string | undefined;
  /** What the response to a creation holds. Default: a record with its id. */
  response?: {isEmpty?: true; fields?: readonly string[]} | undefined;
  /** Why the record of a response is none that this request makes or changes; undefined where it may be. */
  mismatchOf?: (record: Readonly<Record<string, unknown>>) => string | undefined;
}

const maxWaitMs = 3_600_000;

/**
 * Decides what a result proves of a write. A server error proves nothing: an application can fail after its transaction
 * was committed.
 */
export function judgeWrite(result: ApiResult, attempt: Attempt): Verdict {
  switch (result.kind) {
    case 'unsent':
      return {kind: 'unsent', code: result.code};
    case 'no_response':
      return judgeNoResponse(result.code);
    case 'success':
      return attempt.isRemoval && !attempt.isIdempotent
        ? unprovenRemoval
        : judgeSuccess(result.response, attempt);
    case 'redirect':
      return isNeverApplied(result.response.status)
        ? {kind: 'stop', error: result.error}
        : {...doubtOf(result.response), stop: result.error};
    case 'refused':
      return judgeRefusal(result, attempt);
    case 'not_connected':
    case 'scope_missing':
    case 'wrong_server':
      return {kind: 'stop', error: result.error};
    case 'unauthorized':
    case 'rate_limited':
    case 'blocked':
    case 'misdirected':
      return {kind: result.kind};
    case 'server_error':
      return judgeServerError(result.response);
    case 'unclear':
      return doubtOf(result.response);
  }
}

/** Of a request that may be about another record than the row's. */
const unprovenRemoval: Verdict = {
  kind: 'doubt',
  why: 'unproven',
  isOutage: false,
  refusal: {code: 'not_removed', message: 'the API said that it was removed, and still shows it'},
};

function judgeNoResponse(code: string): Verdict {
  // Given up by this program itself: no fault of the API, and as if the process had died at that moment.
  if (code === 'aborted') return {kind: 'doubt', why: 'no_answer', isOutage: false};
  return {kind: 'doubt', why: code === 'timeout' ? 'timeout' : 'connection_lost', isOutage: true};
}

function judgeSuccess(
  response: HttpResponse,
  {method, root, response: expected, mismatchOf}: Attempt,
): Verdict {
  const {status, json, isPage} = response;
  const unexpected: Verdict = {kind: 'doubt', why: 'unexpected_body', isOutage: false};
  if (status === 202 || status === 206) return doubtOf(response);
  if (isPage) return unexpected;
  if (expected?.isEmpty) return {kind: 'applied'};
  const record = isRecord(json) && root !== undefined && isRecord(json[root]) ? json[root] : json;
  const id = isRecord(record) ? record['id'] : undefined;
  if (isRecord(record) && Number.isSafeInteger(id)) {
    const why = mismatchOf?.(record);
    if (why !== undefined) return {...unexpected, why};
    if (method !== 'POST') return {kind: 'applied'};
    const fields = expected?.fields && answerFields(record, expected.fields);
    return {kind: 'applied', id: id as number, ...(fields && {fields})};
  }
  // The status line is the proof; a body that was cut off, empty or broken takes nothing from it. A page, or
  // JSON that is no record, comes from something else than the endpoint.
  const isProof = method === 'POST' ? status === 201 && json === undefined : isEmpty(json);
  return isProof ? {kind: 'applied'} : unexpected;
}

/** The API answers an update or a removal with the record or with nothing, never with a message. */
function isEmpty(json: unknown): boolean {
  return json === undefined || json === null || (isRecord(json) && Object.keys(json).length === 0);
}

/** Those of these fields that a record shows, as text; undefined where it shows none. */
export function answerFields(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, string> | undefined {
  const shown = names.flatMap((name): [string, string][] => {
    const value = record[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
  });
  return shown.length > 0 ? Object.fromEntries(shown) : undefined;
}

/** With 302, 303 and 304 the request may have been acted upon before the redirect. */
function isNeverApplied(status: number): boolean {
  return status === 301 || status === 307 || status === 308;
}

function judgeRefusal(
  {response, code, message}: Extract<ApiResult, {kind: 'refused'}>,
  {method, isIdempotent, isRepeated, isRemoval}: Attempt,
): Verdict {
  if (code === 'conflict')
    return {kind: 'doubt', why: code, isOutage: false, refusal: {code, message}, isRefused: true};
  if (code === 'taken' && isRepeated && !isIdempotent)
    return {kind: 'doubt', why: code, isOutage: false, refusal: {code, message}};
  // The record exists: a reading shows whether it is as the row wants it.
  if (code === 'taken' && method === 'POST')
    return {kind: 'doubt', why: code, isOutage: false, refusal: {code, message}, isRefused: true};
  if (response.status !== 404) return {kind: 'rejected', code, message};
  const refusal = {code, message: message || 'unknown to the API, or not visible to this application'};
  // The API answers so to what it does not let this application do, too: a reading has to show that it is gone.
  return isRemoval
    ? {kind: 'doubt', why: code, isOutage: false, refusal, isRefused: true}
    : {kind: 'rejected', ...refusal};
}

function judgeServerError({status, retryAfterMs}: HttpResponse): Verdict {
  const verdict = {kind: 'doubt', why: `http_${status}`, isOutage: true} as const;
  return status === 503 && retryAfterMs !== undefined
    ? {...verdict, waitMs: Math.min(retryAfterMs, maxWaitMs)}
    : verdict;
}

function doubtOf({status}: HttpResponse): Extract<Verdict, {kind: 'doubt'}> {
  return {kind: 'doubt', why: `http_${status}`, isOutage: false};
}
