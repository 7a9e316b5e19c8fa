import {leaseMs, quietMs, type SharedState} from './shared-state.ts';

const renewedAfterMs = 4000;
const keptMs = 24 * 3_600_000;

export interface Holder {
  work: string;
  /** Begins with the machine. */
  token: string;
  /** Leases of this machine may be taken over at once: its own lock has shown that their process is dead. */
  machine: string;
}

export interface TakeResult {
  /** The fencing number of the holder, larger than all before. */
  fence?: number;
  /** So long until it may be free. Without both another machine has it. */
  waitMs?: number;
}

/**
 * Takes the lease, unless another machine has it. It is not free as soon as it has run out: that is by the store's
 * clock, which may have been set, and a holder that lives renews it in the quiet time.
 */
export function takeLease(
  state: SharedState,
  {work, token, machine}: Holder,
): {state: SharedState; result: TakeResult} {
  const {leases, now} = state;
  const held = leases[work];
  let freeAt = state.limits.opensAt;
  if (held && !held.token.startsWith(machine)) {
    if (now < held.until) return {state, result: {}};
    freeAt = Math.max(freeAt, held.freeAt ?? now + quietMs);
  }
  const isMine = held?.token === token;
  if (!isMine && now < freeAt) {
    const waiting = held ? {...leases, [work]: {...held, freeAt}} : leases;
    return {state: {...state, leases: waiting}, result: {waitMs: freeAt - now}};
  }
  const fence = isMine ? held.fence : Math.max(Math.floor(now), state.fence + 1, (held?.fence ?? 0) + 1);
  const kept = Object.fromEntries(Object.entries(leases).filter(([, {until}]) => now - until < keptMs));
  const taken = {...kept, [work]: {token, fence, until: now + leaseMs}};
  return {state: {...state, leases: taken, fence: Math.max(fence, state.fence)}, result: {fence}};
}

/** Renews the lease; undefined where the holder has it no more. */
export function keepLease(state: SharedState, {work, token}: Holder): SharedState | undefined {
  const {leases, now} = state;
  const held = leases[work];
  if (held?.token !== token) return undefined;
  if (held.until - now > leaseMs - renewedAfterMs && held.freeAt === undefined) return state;
  return {...state, leases: {...leases, [work]: {token, fence: held.fence, until: now + leaseMs}}};
}

export function releaseLease(state: SharedState, {work, token}: Holder): SharedState {
  const {[work]: held, ...others} = state.leases;
  return held?.token === token ? {...state, leases: others} : state;
}
