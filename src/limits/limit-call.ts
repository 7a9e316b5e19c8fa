import type {LimitWait} from './limit-state.ts';

/** What a request is for, the most urgent first. Settling may use the reserve of the hour; a probe needs no room. */
export type Purpose = 'token' | 'probe' | 'settle' | 'read' | 'write';

/** A call of `step`. All times are by the store's clock. */
export type Call = Caller & (AcquireCall | CompleteCall | {kind: 'heartbeat' | 'leave'});

export interface Caller {
  process: string;
  /** Ceilings that the user gave. */
  perSecond?: number | undefined;
  perHour?: number | undefined;
}

export interface AcquireCall {
  kind: 'acquire';
  /** Names the permits, as many as can be used. */
  ids: readonly string[];
  purpose: Purpose;
  /** The permit was given before, and its slot could not be used. */
  isLate: boolean;
  /** A slot has to be so far ahead that the reply arrives before it. */
  leadMs: number;
  /** No further slot is given to a process that holds one further ahead than this. */
  aheadMs: number;
  /** How long after its slot the server may count a request, as far as the process knows its network. */
  spreadMs: number;
  /** So long after its slot a request is over, whatever became of its process. */
  flightMs: number;
  /** Requests of the hour that only settling may use. */
  reserve: number;
  /** Whether the process can send a request that asks for how long nothing is left. */
  canAsk: boolean;
}

export interface CompleteCall {
  kind: 'complete';
  /** Undefined for a request that needed no permit, since there was no limit. */
  id: string | undefined;
  outcome: Outcome;
}

/** What a permit's request shows of the limits. */
export interface Outcome {
  /** `worked`: there was room. `unknown`: it was sent. `unsent`: no byte of it left. */
  kind: 'worked' | 'refused' | 'unknown' | 'unsent';
  /** When it left, and how much later than at the earliest the server may have counted it. */
  departed?: number;
  excessMs?: number;
  /** What the response shows: the limits, what is left of the hour, the API's clock, for how long it refuses. */
  perSecond?: number | undefined;
  perHour?: number | undefined;
  remaining?: number | undefined;
  apiTime?: number | undefined;
  retryAfterMs?: number | undefined;
  /** Added to waits, so that not all clients come back in the same moment. */
  jitterMs: number;
}

export interface Reply {
  /** When the requests may leave, as many of them as may; or how long until it makes sense to ask again, and why. */
  slots: readonly number[];
  waitMs?: number;
  reason?: LimitWait;
  /** This process is to ask the API for how long nothing is left. */
  isToAsk?: boolean;
  refusals: number;
  pausedUntil: number;
  limits: Limits;
}

export interface Limits {
  /** Requests a second and an hour as far as known. */
  perSecond: number;
  perHour: number;
  /** Requests of the hour that are left. */
  left: number;
  /** Processes that share the limits, this one included. */
  sharers?: number;
}
