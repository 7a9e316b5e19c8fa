import * as hour from './hour-rules.ts';
import type {AcquireCall, Call, Caller, CompleteCall, Outcome, Reply} from './limit-call.ts';
import type {LimitState, OpenPermit} from './limit-state.ts';
import {addInterval, earliestSlot, narrowMargin, perSecondOf, widenMargin} from './second-rules.ts';
import {hourMs} from './sent-counts.ts';

/** A Retry-After of a few seconds is about the second, a long one about the hour. */
const minHourWaitMs = 10_000;
/** Asking how long to wait costs a refusal, so it is done for long waits only, and not often. */
const minAskedWaitMs = 60_000;
const betweenQuestionsMs = hourMs / 2;
/** A process shares for so long after it was seen last, and keeps its place among those that wait for less. */
const sharesForMs = 30_000;
const placeKeptMs = 10_000;
const seenAgainMs = 4000;
/** Slots may be given so far ahead at least, which is time enough to ask for them. */
const minAheadMs = 500;

type Denied = Pick<Reply, 'waitMs' | 'reason' | 'isToAsk'>;

/**
 * All rules of the limits: what one call does to the state, and its reply. Pure. A slot is the moment at which one
 * request may leave. Slots are given in the order of the calls and may lie in the future; those of a process that ends are lost.
 * A process holds few ahead, so that its concurrency gives it no larger share.
 */
export function step(state: LimitState, call: Call, now: number): {state: LimitState; reply: Reply} {
  const draft: LimitState = {...state, hour: {...state.hour}};
  touch(draft, call, now);
  if (call.kind === 'acquire' || call.kind === 'complete') endOld(draft, now);
  if (call.kind === 'complete') complete(draft, call, now);
  const slots: number[] = [];
  let denied: Denied = {};
  for (const id of call.kind === 'acquire' ? call.ids : []) {
    const result = acquire(draft, id, call as Caller & AcquireCall, now);
    if (typeof result !== 'number') {
      denied = result;
      break;
    }
    slots.push(result);
  }
  const {perSecond, perHour} = call;
  const reply: Reply = {
    slots,
    ...denied,
    refusals: draft.refusals,
    pausedUntil: Math.max(draft.pausedUntil, draft.opensAt),
    limits: {
      perSecond: perSecondOf(draft, perSecond),
      perHour: hour.perHourOf(draft, perHour),
      left: Math.max(0, hour.leftOf(draft, perHour)),
      sharers: Object.keys(draft.processes).length,
    },
  };
  return {state: draft, reply};
}

/** Keeps in mind which processes share. */
function touch(draft: LimitState, {process, kind}: Call, now: number): void {
  const {[process]: own, ...all} = draft.processes;
  if (kind !== 'leave' && own && now - own.seen < seenAgainMs) return;
  const others = Object.fromEntries(Object.entries(all).filter(([, {seen}]) => now - seen < sharesForMs));
  draft.processes = kind === 'leave' ? others : {...others, [process]: {...own, seen: now}};
}

/** The hour moves on; requests whose process died are over. */
function endOld(draft: LimitState, now: number): void {
  hour.dropOld(draft.hour, now);
  for (const [id, permit] of Object.entries(draft.open))
    if (permit.until <= now) end(draft, id, {kind: 'unknown', jitterMs: 0});
}

/** Takes a permit away whose request is over; gives it unless the request was not sent. */
function end(draft: LimitState, id: string, {kind, departed, excessMs = 0}: Outcome): OpenPermit | undefined {
  const {[id]: permit, ...others} = draft.open;
  draft.open = others;
  if (permit && kind === 'unsent') hour.uncount(draft, permit.second);
  if (!permit || kind === 'unsent') return undefined;
  const from = departed ?? permit.slot;
  addInterval(draft, {from, to: from + excessMs});
  return permit;
}

function complete(draft: LimitState, {id, outcome, perHour}: Caller & CompleteCall, now: number): void {
  const hadRoom = hour.leftOf(draft, perHour) > 0;
  const permit = id === undefined ? undefined : end(draft, id, outcome);
  // The end of a permit is known only once: this call is repeated because its reply was lost.
  if (id !== undefined && !permit) return;
  if (outcome.apiTime !== undefined) draft.hour.apiAheadMs = outcome.apiTime - now;
  if (outcome.perSecond !== undefined) draft.perSecond = outcome.perSecond;
  if (outcome.kind === 'refused') hour.uncount(draft, permit?.second);
  hour.learnLeft(draft, outcome);
  if (outcome.kind === 'refused') refuse(draft, permit, hadRoom, outcome, now);
  if (outcome.kind !== 'worked') return;
  draft.refusals = 0;
  narrowMargin(draft);
  hour.learnRoom(draft, permit?.probe, outcome.remaining, perHour);
}

/** A 429 pauses all requests. */
function refuse(
  draft: LimitState,
  permit: OpenPermit | undefined,
  hadRoom: boolean,
  outcome: Outcome,
  now: number,
): void {
  const {retryAfterMs, remaining, jitterMs} = outcome;
  const probe = permit?.probe;
  if (now - draft.refusedAt > hourMs) draft.refusals = 0;
  // What was in flight at the first refusal is refused for the same reason.
  const isFirst = draft.pausedUntil <= now;
  if (isFirst && (probe || hadRoom || draft.refusals === 0)) draft.refusals++;
  draft.refusedAt = now;
  const soundsLikeHour =
    retryAfterMs === undefined ? !hadRoom || draft.refusals > 1 : retryAfterMs >= minHourWaitMs;
  if (probe || (remaining === undefined ? soundsLikeHour : remaining === 0)) {
    hour.learnUsedUp(draft, probe, outcome, now);
    if (retryAfterMs !== undefined) pause(draft, now + retryAfterMs + jitterMs, 'hour');
    return;
  }
  if (isFirst) widenMargin(draft);
  // Twice as long with each: others may be busy, and a Retry-After of 0 must not be taken at its word.
  const minMs = 1000 * 2 ** Math.min(Math.max(0, draft.refusals - 1), 6);
  pause(draft, now + Math.max(retryAfterMs ?? 0, minMs) + jitterMs, 'refused');
}

function pause(draft: LimitState, until: number, reason: LimitState['pauseReason']): void {
  if (until <= draft.pausedUntil) return;
  draft.pausedUntil = until;
  draft.pauseReason = reason;
}

/** A slot for one permit, or how long it has to wait for one. */
function acquire(draft: LimitState, id: string, call: Caller & AcquireCall, now: number): number | Denied {
  const {process, isLate, leadMs, aheadMs, spreadMs, flightMs, perHour} = call;
  const {[id]: known, ...others} = draft.open;
  // The reply to this call was lost.
  if (known && !isLate) return known.slot;
  if (now < draft.opensAt) return {waitMs: draft.opensAt - now};
  if (now < draft.pausedUntil) return {waitMs: draft.pausedUntil - now, reason: draft.pauseReason};
  if (!isLate) {
    const own = Object.values(others).filter((permit) => permit.process === process);
    const waitMs = Math.max(-Infinity, ...own.map(({slot}) => slot)) - aheadMs - now;
    const denied = waitMs > 0 ? {waitMs} : waitForTurn(draft, call, now);
    if (denied) return denied;
  }
  const isProbe = hour.leftOf(draft, perHour) <= 0 && hour.mayProbe(draft, now, perHour);
  const probe = known?.probe ?? (isProbe ? draft.hour.nextProbe?.reason : undefined);
  draft.open = others;
  const slot = Math.max(now + leadMs, earliestSlot(draft, perSecondOf(draft, call.perSecond)));
  const second = known ? known.second : hour.countSent(draft, slot, perHour);
  draft.open = {...others, [id]: {process, slot, spreadMs, until: slot + flightMs, second, probe}};
  return slot;
}

/** How long a request has to wait for room, or for the slots of others; undefined where it need not. */
function waitForTurn(draft: LimitState, call: Caller & AcquireCall, now: number): Denied | undefined {
  const {process, purpose} = call;
  // What others may be waiting for themselves.
  if (purpose === 'probe' || purpose === 'token') return undefined;
  // After a refusal one request shows whether there is room again.
  if (draft.refusals > 0 && Object.keys(draft.open).length > 0) return {waitMs: Infinity};
  const {[process]: own = {seen: now}, ...others} = draft.processes;
  const since = own.waitsSince ?? now;
  // Processes that have waited for longer go first.
  const before = Object.values(others).filter(
    ({seen, waitsSince = now}) => waitsSince < since && now - seen < placeKeptMs,
  ).length;
  const denied = waitForRoom(draft, call, before, now) ?? waitForSlot(draft, call, before, now);
  if ((denied === undefined) !== (own.waitsSince === undefined))
    draft.processes = {...others, [process]: {...own, waitsSince: denied && since}};
  return denied;
}

/** Slots are not given far ahead: by then the responses show when the requests before it were counted. */
function waitForSlot(
  draft: LimitState,
  {perSecond: ceiling, aheadMs, leadMs}: Caller & AcquireCall,
  before: number,
  now: number,
): Denied | undefined {
  const perSecond = perSecondOf(draft, ceiling);
  const slot = earliestSlot(draft, perSecond) + (1000 * before) / perSecond;
  const waitMs = slot - Math.max(aheadMs + leadMs, minAheadMs) - now;
  return waitMs > 0 ? {waitMs} : undefined;
}

function waitForRoom(
  draft: LimitState,
  {purpose, reserve, perHour, canAsk}: Caller & AcquireCall,
  before: number,
  now: number,
): Denied | undefined {
  const room = hour.leftOf(draft, perHour) - (purpose === 'settle' ? 0 : reserve);
  if (room > before || (before === 0 && hour.mayProbe(draft, now, perHour))) return undefined;
  if (room > 0) return {waitMs: 100};
  const waitMs = Math.max(1, hour.untilRoom(draft, now, perHour));
  const {isWorthAsking, nextQuestion} = draft.hour;
  const isToAsk =
    canAsk &&
    isWorthAsking &&
    now >= nextQuestion &&
    waitMs >= minAskedWaitMs &&
    hour.isUsedUp(draft, perHour);
  if (isToAsk) draft.hour.nextQuestion = now + betweenQuestionsMs;
  return {waitMs, reason: 'hour', isToAsk};
}
