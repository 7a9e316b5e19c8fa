import type {Outcome} from './limit-call.ts';
import type {HourState, LimitState, ProbeReason} from './limit-state.ts';
import {
  addSent,
  dropOldSent,
  endOfNewest,
  hourMs,
  mergeSent,
  type SentCounts,
  totalOf,
} from './sent-counts.ts';

/** Clocks are not exact, and requests take a moment to arrive. */
const clockMarginMs = 2000;
/** A probe that came a moment too early costs a minute; where others take what we free, the waits grow. */
const firstProbeWaitMs = 60_000;
const maxProbeWaitMs = hourMs / 2;

/** An hour that cannot be used up needs no account, which would only grow. */
export const countlessPerHour = 100_000;

/*
 * It is not documented whether the API's hour is a clock hour, a window from the first request on, or sliding. Its own
 * count is the truth wherever a response carries it; the account of what was sent serves until the first response,
 * where the header is missing, and for the user's ceiling. When nothing is left and the API does not say for how long,
 * one request probes at the earliest moment that any of the three allows:
 *
 *   the next full hour by the API's clock, unless that was refused once: then its hours are no clock hours
 *   the moment when the oldest requests that it may still count are an hour old
 */

/** Requests an hour: what the API says or, before that, the documented 1,200; never above the ceiling. */
export function perHourOf({hour}: LimitState, ceiling = Infinity): number {
  return Math.min(ceiling, hour.limit ?? (ceiling === Infinity ? 1200 : ceiling));
}

const inFlight = ({open}: LimitState): number => Object.keys(open).length;

/** Requests that may be sent now, probes not among them. */
export function leftOf(state: LimitState, ceiling = Infinity): number {
  const {hour} = state;
  const byApi =
    hour.left === undefined ? perHourOf(state, ceiling) - hour.counted : hour.left - inFlight(state);
  return Math.min(hour.isUsedUp ? 0 : byApi, ceiling - totalOf(hour.sent));
}

/** Whether one request may be sent to see whether there is room again. */
export function mayProbe(state: LimitState, now: number, ceiling = Infinity): boolean {
  const {nextProbe, sent} = state.hour;
  return nextProbe !== undefined && nextProbe.at <= now && inFlight(state) === 0 && totalOf(sent) < ceiling;
}

/** Whether it is the API that has nothing left, and not the user's ceiling, nor only until a response comes. */
export function isUsedUp(state: LimitState, ceiling = Infinity): boolean {
  return leftOf(state, ceiling) <= 0 && inFlight(state) === 0 && totalOf(state.hour.sent) < ceiling;
}

/** Milliseconds until there may be room again; Infinity while it is a response that decides. */
export function untilRoom(state: LimitState, now: number, ceiling = Infinity): number {
  const {hour} = state;
  if (totalOf(hour.sent) >= ceiling) return (endOfNewest(hour.sent, ceiling) ?? now) + hourMs - now;
  if (inFlight(state) > 0) return Infinity;
  hour.nextProbe ??= probeTime(hour, now);
  return Math.max(0, hour.nextProbe.at - now);
}

function probeTime(hour: HourState, now: number): NonNullable<HourState['nextProbe']> {
  const oldest = endOfNewest(hour.sent, hour.counted) ?? now - hourMs / 2;
  const own = Math.max(oldest + hourMs + clockMarginMs, hour.noProbeBefore);
  const clock = now + hourMs - ((now + hour.apiAheadMs) % hourMs) + clockMarginMs;
  return hour.mayBeClockHour && clock < own ? {at: clock, reason: 'clock'} : {at: own, reason: 'own'};
}

/** Adds what another account has of the same requests. */
export function addAccount(hour: HourState, other: SentCounts): HourState {
  const sent = mergeSent(hour.sent, other);
  return {...hour, sent, counted: hour.counted + totalOf(sent) - totalOf(hour.sent)};
}

/** Counts a request that is permitted; gives the second under which the account has it. */
export function countSent(state: LimitState, slot: number, ceiling: number | undefined): number | undefined {
  if (perHourOf(state, ceiling) >= countlessPerHour) return undefined;
  const second = Math.floor(slot / 1000);
  state.hour.sent = addSent(state.hour.sent, second, 1);
  state.hour.counted++;
  return second;
}

export function dropOld(hour: HourState, now: number): void {
  hour.sent = dropOldSent(hour.sent, now);
  hour.counted = Math.min(hour.counted, totalOf(hour.sent));
}

/** A permitted request was not counted by the API: it never left, or was refused. */
export function uncount({hour}: LimitState, second: number | undefined): void {
  if (second === undefined) return;
  hour.sent = addSent(hour.sent, second, -1);
  hour.counted = Math.max(0, hour.counted - 1);
}

/** A request has ended; its response may say what is left. */
export function learnLeft(state: LimitState, {perHour, remaining}: Outcome): void {
  const {hour} = state;
  if (perHour !== undefined) hour.limit = perHour;
  if (remaining === undefined) {
    // The API must have counted it, too.
    if (hour.left) hour.left--;
  } else if (hour.left !== undefined && remaining > hour.left && hour.overtaken > 0) {
    // More than before may be older news that was overtaken; a true rise shows in the responses after it, too.
    hour.overtaken--;
  } else {
    hour.left = remaining;
    hour.overtaken = inFlight(state);
    // It counts fewer than we remember: it has forgotten the oldest.
    hour.counted = Math.min(hour.counted, Math.max(0, perHourOf(state) - remaining) + inFlight(state));
  }
  hour.overtaken = Math.min(hour.overtaken, inFlight(state));
}

/** There was room for a request. */
export function learnRoom(
  state: LimitState,
  probe: ProbeReason | undefined,
  remaining: number | undefined,
  ceiling = Infinity,
): void {
  const {hour} = state;
  // The response has no header for what is left, so our own account is used again.
  if (probe && remaining === undefined) hour.left = undefined;
  // More than the limit within an hour, or room before our own requests are old: the API has begun a new hour.
  const isNewHour = hour.counted > perHourOf(state, ceiling) || probe === 'clock' || probe === 'retry_after';
  if (isNewHour && hour.left === undefined) hour.counted = Math.min(totalOf(hour.sent), inFlight(state) + 1);
  hour.isUsedUp = false;
  hour.nextProbe = undefined;
  hour.failedProbes = 0;
}

/** Nothing is left, as a refusal has shown; the response may name the time to wait. */
export function learnUsedUp(
  {hour}: LimitState,
  probe: ProbeReason | undefined,
  outcome: Outcome,
  now: number,
): void {
  const {apiTime, retryAfterMs, jitterMs} = outcome;
  hour.isUsedUp = true;
  hour.nextProbe = undefined;
  if (probe === 'clock') {
    // By its own clock the hour had begun, or had a minute ago: its hours are no clock hours.
    const hadBegun = apiTime !== undefined && apiTime % hourMs < hourMs / 2;
    hour.mayBeClockHour = !hadBegun && hour.failedProbes === 0;
    if (hour.mayBeClockHour) hour.nextProbe = {at: now + firstProbeWaitMs, reason: 'clock'};
    hour.failedProbes = hour.mayBeClockHour ? 1 : 0;
  }
  // Others may have what we gave free. Probing with each of our requests that grows old would be a storm.
  if (probe === 'own')
    hour.noProbeBefore = now + Math.min(maxProbeWaitMs, firstProbeWaitMs * 5 ** hour.failedProbes++);
  // The API kept its word, but others were there first: a sliding hour gives back one request after the other.
  if (probe === 'retry_after') hour.isRetryAfterReliable = false;
  hour.isWorthAsking = retryAfterMs !== undefined && hour.isRetryAfterReliable;
  if (retryAfterMs === undefined) return;
  const next = hour.isRetryAfterReliable ? {at: now, reason: 'retry_after' as const} : probeTime(hour, now);
  hour.nextProbe = {...next, at: Math.max(next.at, now + retryAfterMs + jitterMs)};
}
