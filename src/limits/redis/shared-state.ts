import {emptyState, type LimitState} from '../limit-state.ts';
import {addAccount} from '../hour-rules.ts';

/** What the processes of an application share, as it is in Redis. */
export interface SharedState {
  v: 1;
  /** Names this memory: another one when Redis has lost what it knew, or may have. */
  epoch: string;
  /** The process of Redis that had it last. */
  server: string;
  /** Added to Redis' clock, which may be set while the time of the state only goes on. */
  shiftMs: number;
  /** The time of the state when it was set. */
  now: number;
  /** Up to when it knows what has happened. */
  knownUntil: number;
  /** The largest fencing number that was given. */
  fence: number;
  leases: Readonly<Record<string, Lease>>;
  /** Lease holders that wrote so shortly ago that a reading may not show it, by token. */
  writers: Readonly<Record<string, Writer>>;
  /** What was written before is not known: Redis had lost its memory. */
  writersKnownFrom: number;
  limits: LimitState;
}

interface Writer {
  work: string;
  /** Names the state folder whose runs know what it wrote. */
  ledger: string;
  /** From then on a reading shows it, also if the holder dies now. */
  settledAt: number;
}

/** Makes one process the sender of a job, on all machines. */
interface Lease {
  /** Names the holder. */
  token: string;
  fence: number;
  until: number;
  /** When another machine may take it at the earliest, after it has run out. */
  freeAt?: number | undefined;
}

/** What a process remembers of the state, and how much time has passed since at most. */
export interface Memory {
  state: SharedState;
  elapsedMs: number;
}

/** What was granted, and leases, are believed for so long after Redis last confirmed them. */
export const proofMs = 2000;
/** A Redis without memory waits until nothing older is believed, and for one second of the API. */
export const quietMs = proofMs + 1000;
export const leaseMs = 30_000;
/** Clocks of two machines do not run alike, and an answer takes its time. */
const toleranceMs = 1000;

/**
 * The state as a process finds it in Redis, at this time of Redis' clock.
 *
 * A Redis that knows nothing of the application may have lost its memory while there are holders of slots and leases.
 * So nothing is given from it for a quiet time, longer than any of those is believed. The same after a restart or a
 * fail-over: a replica or a snapshot may lack what was given last. Meanwhile each process adds what it remembers.
 */
export function openShared(
  stored: SharedState | undefined,
  redisMs: number,
  {server, newEpoch, memory}: {server: string; newEpoch: string; memory: Memory | undefined},
): SharedState {
  const empty = {now: 0, shiftMs: 0, knownUntil: 0, fence: 0, leases: {}, writers: {}, writersKnownFrom: 0};
  let state: SharedState = stored ?? {...empty, v: 1, epoch: '', server, limits: emptyState()};
  const isLost = state.epoch === '' || (server !== '' && state.server !== server);
  state = {...state, ...timeOf(state, redisMs, memory)};
  if (isLost) {
    const opensAt = state.now + quietMs;
    const limits = {...state.limits, opensAt};
    const lost = {epoch: newEpoch, knownUntil: stored?.now ?? 0, writersKnownFrom: opensAt};
    state = {...state, ...lost, limits, server: server || state.server};
  }
  return memory && memory.state.epoch !== state.epoch ? addMemory(state, memory.state) : state;
}

/** The clock may be set back, or that of a Redis that takes over may be behind; and it may be set forward. */
function timeOf(
  {epoch, shiftMs, now}: SharedState,
  redisMs: number,
  memory: Memory | undefined,
): Pick<SharedState, 'shiftMs' | 'now'> {
  let shift = epoch === '' && memory ? memory.state.shiftMs : shiftMs;
  if (memory?.state.epoch === epoch) {
    const jumpMs = redisMs + shift - (memory.state.now + memory.elapsedMs);
    if (jumpMs > toleranceMs) shift -= jumpMs;
  }
  shift = Math.max(shift, now - redisMs);
  return {shiftMs: shift, now: redisMs + shift};
}

function addMemory(state: SharedState, memory: SharedState): SharedState {
  const {limits} = state;
  const isNewer = state.now < limits.opensAt && memory.now > state.knownUntil;
  const base = isNewer ? memory.limits : limits;
  // Slots that were given before are void.
  const open = Object.entries(memory.limits.open).map(
    ([id, permit]) => [id, {...permit, slot: Math.min(permit.slot, state.now)}] as const,
  );
  // In the last seconds of a lease another machine may have had it from a Redis that is gone by now.
  const leases = Object.entries(memory.leases).filter(([, {until}]) => until > state.now + leaseMs / 6);
  return {
    ...state,
    knownUntil: isNewer ? memory.now : state.knownUntil,
    fence: Math.max(state.fence, memory.fence),
    leases: {...Object.fromEntries(leases), ...state.leases},
    writers: {...memory.writers, ...state.writers},
    limits: {
      ...base,
      opensAt: limits.opensAt,
      recent: limits.recent,
      open: {...Object.fromEntries(open), ...limits.open},
      processes: {...memory.limits.processes, ...limits.processes},
      pausedUntil: Math.max(limits.pausedUntil, memory.limits.pausedUntil),
      hour: addAccount(addAccount(base.hour, limits.hour.sent), memory.limits.hour.sent),
    },
  };
}
