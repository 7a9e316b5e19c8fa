import type {Interval, LimitState} from './limit-state.ts';

/** From this rate on requests are not spaced: a sandbox without limits, a server of one's own. */
export const unpacedPerSecond = 200;
/** Part of the even distance that is added to it: clocks do not run alike, and servers take a moment. */
const spare = 0.01;

/** Requests a second: what the API says or, before that, the documented 2; never above the ceiling. */
export function perSecondOf(state: LimitState, ceiling: number | undefined): number {
  return Math.min(ceiling ?? Infinity, state.perSecond ?? ceiling ?? 2);
}

/**
 * When the next request may leave: so late that the limit holds wherever in their possible intervals the server
 * counted the ones before it, and at the even distance from the last one.
 */
export function earliestSlot(state: LimitState, perSecond: number): number {
  if (perSecond >= unpacedPerSecond) return -Infinity;
  const open = Object.values(state.open).map(({slot, spreadMs}) => ({from: slot, to: slot + spreadMs}));
  const intervals: Interval[] = [...state.recent, ...open];
  const inWindow = Math.max(1, Math.floor(perSecond));
  const ends = intervals.map(({to}) => to).sort((one, other) => other - one);
  const bySecond = (ends[inWindow - 1] ?? -Infinity) + (1000 * inWindow) / perSecond;
  const last = Math.max(-Infinity, ...intervals.map(({from}) => from));
  return Math.max(bySecond, last + (1000 / perSecond) * (1 + spare) + state.marginMs);
}

/** Keeps where the server may have counted a request, among as many others as can matter. */
export function addInterval(state: LimitState, added: Interval): void {
  const kept = Math.min(unpacedPerSecond, Math.ceil(state.perSecond ?? 2) + 1);
  state.recent = [...state.recent, added].sort((one, other) => one.to - other.to).slice(-kept);
}

/** A refusal that is about the second: the distance is too small for this network, or for how the server counts. */
export function widenMargin(state: LimitState): void {
  const distance = 1000 / (state.perSecond ?? 2);
  state.marginMs = Math.min(distance / 2, Math.max(2 * state.marginMs, distance / 16));
}

/** A request that worked: the margin may be larger than it has to be. */
export function narrowMargin(state: LimitState): void {
  state.marginMs = state.marginMs < 1 ? 0 : state.marginMs * 0.995;
}
