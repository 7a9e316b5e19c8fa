import {leaseMs, quietMs, type SharedState} from './shared-state.ts';

const renewedAfterMs = 4000;
const keptMs = 24 * 3_600_000;

export interface Holder {
  work: string;
  /** Begins with the machine. */
  token: string;
  /** Leases of this machine may be taken over at once: its own lock has shown that their process is dead. */
  machine: string;
  /** Names the state folder, whose runs know what its own processes wrote. */
  ledger: string;
  /** So long after the holder's end a reading may not show what it wrote. */
  settleMs: number;
  isWriting: boolean;
}

export interface TakenLease {
  /** The fencing number of the holder, larger than all before. */
  fence: number;
  /** So long a reading may not show what processes with another state folder wrote. */
  unsettledMs: number;
}

export interface TakeResult {
  lease?: TakenLease;
  /** So long until it may be free. Without both another machine has it. */
  waitMs?: number;
}

/**
 * Takes the lease, unless another machine has it. It is not free as soon as it has run out: that is by the store's
 * clock, which may have been set, and a holder that lives renews it in the quiet time.
 */
export function takeLease(state: SharedState, holder: Holder): {state: SharedState; result: TakeResult} {
  const {work, token, machine} = holder;
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
  const lease = {fence, unsettledMs: unsettledMs(state, holder)};
  return {state: {...state, leases: taken, fence: Math.max(fence, state.fence)}, result: {lease}};
}

function unsettledMs({now, writers, writersKnownFrom}: SharedState, holder: Holder): number {
  const others = Object.values(writers).filter(
    ({work, ledger}) => work === holder.work && ledger !== holder.ledger,
  );
  const settledAt = others.map((writer) => writer.settledAt);
  return Math.max(0, ...[writersKnownFrom + holder.settleMs, ...settledAt].map((at) => at - now));
}

/** Renews the lease; undefined where the holder has it no more. */
export function keepLease(state: SharedState, holder: Holder): SharedState | undefined {
  const {leases, now} = state;
  const {[holder.work]: held, ...others} = leases;
  if (held?.token !== holder.token) return undefined;
  const isNew = held.until - now > leaseMs - renewedAfterMs && held.freeAt === undefined;
  const {token, fence, until} = isNew ? held : {...held, until: now + leaseMs};
  const kept = isNew ? state : {...state, leases: {...others, [holder.work]: {token, fence, until}}};
  return noteWriter(kept, holder, until);
}

export function releaseLease(state: SharedState, holder: Holder): SharedState {
  const {[holder.work]: held, ...others} = state.leases;
  return held?.token === holder.token ? noteWriter({...state, leases: others}, holder, state.now) : state;
}

/** `until`: the holder sends nothing after. */
function noteWriter(
  state: SharedState,
  {isWriting, token, work, ledger, settleMs}: Holder,
  until: number,
): SharedState {
  const settledAt = until + settleMs;
  if (!isWriting || state.writers[token]?.settledAt === settledAt) return state;
  const unsettled = Object.entries(state.writers).filter(([, writer]) => writer.settledAt > state.now);
  return {...state, writers: {...Object.fromEntries(unsettled), [token]: {work, ledger, settledAt}}};
}
