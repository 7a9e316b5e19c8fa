import type {Verdict} from './judge-write.ts';

/** What to do with a row after one attempt. */
export type NextStep =
  /** The row has its outcome, or is put aside; nothing is sent. */
  | {step: 'settled'}
  | {step: 'send_again'; afterMs: number}
  /** The row is left as it is, proven not applied, and the run ends. */
  | {step: 'give_up'};

/** How often a row may be sent so that the API could have applied it. */
export const maxAttempts = 3;

const maxUnreachableMs = 15 * 60_000;

/** What the attempts of one row came to so far, the last one included. */
export interface History {
  /** How often a server asked to send it on another connection. */
  misdirected: number;
  /** 401s in a row, each to another token. */
  unauthorized: number;
  /** Unsent attempts in a row, and how long ago the first one was. */
  unsent: number;
  unreachableMs: number;
}

/** Verdict and history of a row to the next step. Pure; every kind of verdict has its answer. */
export function nextStep(verdict: Verdict, history: History, random: () => number = Math.random): NextStep {
  switch (verdict.kind) {
    case 'applied':
    case 'rejected':
    case 'doubt':
    case 'stop':
      return {step: 'settled'};
    case 'unsent':
      return history.unreachableMs >= maxUnreachableMs
        ? {step: 'give_up'}
        : {step: 'send_again', afterMs: backOff(history.unsent, random)};
    case 'unauthorized':
      return history.unauthorized >= maxAttempts ? {step: 'give_up'} : sendAgainAtOnce;
    case 'misdirected':
      return history.misdirected >= maxAttempts ? {step: 'give_up'} : sendAgainAtOnce;
    case 'rate_limited':
    case 'blocked':
      return sendAgainAtOnce;
  }
}

/** Where something else waits before the next request: the token, the limiter, the circuit breaker. */
const sendAgainAtOnce: NextStep = {step: 'send_again', afterMs: 0};

/** A random wait that grows with each try: anywhere between nothing and 1 s, 2 s, 4 s … at most 60 s. */
export function backOff(tries: number, random: () => number = Math.random): number {
  return Math.floor(random() * Math.min(60_000, 1000 * 2 ** (tries - 1)));
}
