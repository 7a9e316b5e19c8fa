import {randomUUID} from 'node:crypto';
import type {ApiResult} from '../api/classify-response.ts';
import {judgeWrite, type Verdict} from '../api/judge-write.ts';
import type {Call} from '../http/client.ts';
import type {Connection} from '../api/connection.ts';
import type {ApiRequest} from '../http/request.ts';
import {type History, nextStep} from '../api/retry-policy.ts';
import {type Clock, type Instant, instant, minElapsedMs} from '../clock.ts';
import {type Bulk42Error, LimitError, RefusedError, TemporaryError} from '../errors.ts';
import type {Entry} from '../journal/entry.ts';
import type {RowHashes} from '../input/row-hashes.ts';
import type {Journal} from '../journal/journal.ts';
import type {RowStates} from '../journal/row-states.ts';
import {appliedOutcomes} from '../outcome.ts';
import type {CircuitBreaker, WriteResult} from './circuit-breaker.ts';
import type {OutgoingRow} from './outgoing-row.ts';
import type {OwnRecords} from './own-records.ts';
import {scrubMessage} from './scrub-message.ts';

export interface SenderTools {
  connection: Connection;
  journal: Journal;
  states: RowStates;
  clock: Clock;
  breaker: CircuitBreaker;
  /** True while this process is the one sender of the application, and its time is not over. */
  maySend: () => boolean;
  /** Aborted when nothing new may be sent. */
  stop: AbortSignal;
  hashes: Pick<RowHashes, 'request'>;
  own: OwnRecords;
  /** The request's content, files read. */
  bodyOf: (request: ApiRequest) => Promise<Call['body'] | undefined>;
  /** A row's attempt is in doubt, and nothing of it is in flight any more. */
  putAside: (row: OutgoingRow, since: Instant, doubt: Extract<Verdict, {kind: 'doubt'}>) => void;
  /** A row has its final outcome by the API's response. */
  onSettled: (wasRejected: boolean) => void;
  /** Successes in a row that are none of the API's own. */
  unexpectedResponses: {count: number};
}

/** A captive portal or a wrong host; every row sent to it would be in doubt. */
const maxUnexpectedResponses = 3;

/**
 * One row's life, until it is settled, put aside in doubt, or the run stops:
 *
 *   permit and token ─▶ INTENT on disk ─▶ still allowed? ─▶ send ─▶ judge ─▶ result journaled ─▶ next step
 *
 * What a network or a server does never throws here; what throws (a full disk, a refused application, an API
 * that stays down) ends the run.
 */
export async function sendRow(row: OutgoingRow, tools: SenderTools): Promise<void> {
  const {clock, stop} = tools;
  let step = 0;
  let history = noHistory;
  while (!stop.aborted) {
    const verdict = await attempt(row, step, tools);
    if (verdict === 'not_now') continue;
    if (verdict.kind === 'applied' && ++step < row.requests.length) continue;
    history = addAttempt(history, verdict, clock);
    report(row, verdict, tools);
    const {unsentSince, ...counts} = history;
    const unreachableMs = unsentSince ? minElapsedMs(clock, unsentSince) : 0;
    const next = nextStep(verdict, {...counts, unreachableMs});
    if (next.step === 'settled') return;
    if (next.step === 'give_up') throw giveUp(row.line, verdict);
    if (next.afterMs > 0) await clock.sleep(next.afterMs, stop);
  }
}

/** What the attempts of one row came to so far. */
interface RowHistory extends Omit<History, 'unreachableMs'> {
  /** The first of the unsent attempts in a row. */
  unsentSince: Instant | undefined;
}

const noHistory: RowHistory = {misdirected: 0, unauthorized: 0, unsent: 0, unsentSince: undefined};

function addAttempt(before: RowHistory, {kind}: Verdict, clock: Clock): RowHistory {
  const isUnsent = kind === 'unsent';
  return {
    misdirected: before.misdirected + (kind === 'misdirected' ? 1 : 0),
    unauthorized: kind === 'unauthorized' ? before.unauthorized + 1 : 0,
    unsent: isUnsent ? before.unsent + 1 : 0,
    unsentSince: isUnsent ? (before.unsentSince ?? instant(clock)) : undefined,
  };
}

/** @throws what ends the run */
function report(row: OutgoingRow, verdict: Verdict, tools: SenderTools): void {
  const {unexpectedResponses} = tools;
  if (verdict.kind === 'doubt') tools.putAside(row, instant(tools.clock), verdict);
  if (verdict.kind === 'applied' || verdict.kind === 'rejected') tools.onSettled(verdict.kind === 'rejected');
  if (verdict.kind === 'stop') throw verdict.error;
  if (verdict.kind === 'doubt' && verdict.stop) throw verdict.stop;
  const isUnexpected = verdict.kind === 'doubt' && verdict.why === 'unexpected_body';
  unexpectedResponses.count = isUnexpected ? unexpectedResponses.count + 1 : 0;
  if (unexpectedResponses.count >= maxUnexpectedResponses) throw unexpectedServer();
}

async function attempt(row: OutgoingRow, step: number, tools: SenderTools): Promise<Verdict | 'not_now'> {
  const request = row.requests[step] as ApiRequest;
  const body = await tools.bodyOf(request);
  const hash = row.action === 'remove' ? undefined : await tools.hashes.request(request);
  await tools.breaker.ready();
  try {
    return await attemptNow(
      row,
      step,
      {request, ...(body && {body}), ...(hash !== undefined && {hash})},
      tools,
    );
  } catch (error) {
    // In the half-open state the other writes wait for how this one ends.
    tools.breaker.cancel();
    throw error;
  }
}

async function attemptNow(
  row: OutgoingRow,
  step: number,
  {request, body, hash}: {request: ApiRequest; body?: Call['body']; hash?: string},
  tools: SenderTools,
): Promise<Verdict | 'not_now'> {
  const {connection, journal, breaker, stop, states, own} = tools;
  const {line} = row;
  const {method, path} = request;
  const {token, permit} = await connection.prepareWrite();
  if (breaker.isOpen) {
    permit.cancel();
    return 'not_now';
  }
  const requestId = randomUUID();
  const a = states.row(line).attempts + 1;

  // ---- From here on the attempt is on record: whatever happens, one more entry must follow. ----
  const fresh = row.knownAbsent && ({fresh: true} as const);
  const facts = {...row.facts, ...topOf(row, tools), ...(hash !== undefined && {body: hash})};
  await journal.append({k: 'intent', r: line, a, q: requestId, ...row.hash, ...fresh, ...facts});
  const isAllowed = () => tools.maySend() && !stop.aborted && connection.token.isGood(token);
  if (!(isAllowed() && (await permit.ready()) && isAllowed())) {
    permit.cancel();
    await journal.append({k: 'unsent', r: line, a, why: 'held_back'});
    breaker.cancel();
    return 'not_now';
  }
  const result = await connection.write({method, path, ...(body && {body}), token, requestId}, permit);
  const judged = judgeWrite(result, {
    method,
    isIdempotent: row.isIdempotent,
    // An attempt that the API turned away (429, 401) cannot be what "already taken" speaks of.
    isRepeated: states.doubtfulAttempts(line) > 1,
    isRemoval: row.action === 'remove',
    root: Object.keys(row.requests[step]?.body ?? {})[0],
    response: row.response,
    mismatchOf: (record) => own.mismatchOf(request, row.values, record, facts.top),
  });
  const verdict = tellEarlierSteps(row, step, judged);
  if (verdict.kind === 'applied' && verdict.id !== undefined) own.created(request, verdict.id);
  const entry = entryOf(row, step, a, verdict, result);
  // The next row's intent comes behind a final result and is waited for, so nothing is sent before both are durable,
  // by one flush instead of two.
  if (entry.k === 'done') journal.note(entry);
  else await journal.append(entry);
  // ---- The attempt is closed. ----

  breaker.complete(writeResultOf(verdict));
  if (verdict.kind === 'unauthorized') connection.token.refused(token);
  return verdict;
}

/** What was there before the first attempt that may still take effect; undefined where that is unknown, or no matter. */
function topOf(row: OutgoingRow, {states, own}: SenderTools): {top?: number} {
  if (row.action !== 'create') return {};
  const {top: planned} = row.facts;
  const now = planned === undefined ? own.top : Math.max(planned, own.top ?? 0);
  const top = states.sentBefore(row.line)?.top ?? now;
  return top === undefined ? {} : {top};
}

/** Where a request is refused after others were applied, the record is no longer as it was. */
function tellEarlierSteps({requests}: OutgoingRow, step: number, verdict: Verdict): Verdict {
  const changes = requests
    .slice(0, step)
    .flatMap(({body}) => Object.values(body ?? {}))
    .flatMap((fields) => Object.entries(fields ?? {}))
    .map(([name, value]) => `${name} is ${String(value)} now`);
  if (changes.length === 0) return verdict;
  const tell = (message: string) => `${changes.join(', ')}, and the record is still there: ${message}`;
  if (verdict.kind === 'rejected') return {...verdict, message: tell(verdict.message)};
  if (verdict.kind !== 'doubt' || !verdict.refusal) return verdict;
  return {...verdict, refusal: {...verdict.refusal, message: tell(verdict.refusal.message)}};
}

function writeResultOf(verdict: Verdict): WriteResult {
  if (verdict.kind === 'blocked') return 'firewall';
  if (verdict.kind === 'unsent') return 'unreachable';
  return verdict.kind === 'doubt' && verdict.isOutage ? 'outage' : 'responded';
}

function entryOf(row: OutgoingRow, step: number, a: number, verdict: Verdict, result: ApiResult): Entry {
  const r = row.line;
  const st = 'response' in result ? result.response.status : 0;
  switch (verdict.kind) {
    case 'applied': {
      if (step < row.requests.length - 1) return {k: 'step', r, a, st};
      const o = appliedOutcomes[row.action];
      const {id = row.facts.id, fields: f} = verdict;
      return {k: 'done', r, a, o, st, via: 'answer', ...(id !== undefined && {id}), ...(f && {f})};
    }
    case 'rejected':
      return {
        k: 'done',
        r,
        a,
        o: 'failed',
        st,
        via: 'answer',
        code: verdict.code,
        msg: scrubMessage(verdict.message, row.values),
      };
    case 'unsent':
      return {k: 'unsent', r, a, why: verdict.code};
    case 'rate_limited':
    case 'unauthorized':
    case 'blocked':
    case 'misdirected':
      return {k: 'refused', r, a, st};
    case 'stop':
      return st === 0 ? {k: 'unsent', r, a, why: verdict.error.code} : {k: 'refused', r, a, st};
    case 'doubt':
      return {k: 'doubt', r, a, why: verdict.why, ...(st > 0 && {st})};
  }
}

function unexpectedServer(): LimitError {
  return new LimitError(
    `${maxUnexpectedResponses} answers in a row say "success" and are none of the API's`,
    {
      code: 'unexpected_answers',
      hint: 'is this network logged in, and FORTYTWO_BASE_URL the API itself? Then resume the run',
    },
  );
}

function giveUp(line: number, verdict: Verdict): Bulk42Error {
  if (verdict.kind === 'unauthorized') {
    return new RefusedError(`the API answers 401 to line ${line}, whichever access token it is sent with`, {
      code: 'unauthorized',
      hint: 'bulk42 doctor shows the roles of the application; without the line: bulk42 run … --lines',
    });
  }
  const code = verdict.kind === 'unsent' ? verdict.code : 'misdirected';
  return new TemporaryError(`the API cannot be reached (${code})`, {
    code: 'unreachable',
    hint: 'check the network, then resume the run: nothing of it is lost',
  });
}
