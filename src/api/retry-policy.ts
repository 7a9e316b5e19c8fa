import type {Verdict} from './classify-response.ts';

/** What to do with a row after one attempt. */
export type NextStep =
  /** The row has its outcome, or is put aside; nothing is sent. */
  | {step: 'settled'}
  /** Send it again after so many milliseconds. `counted`: the attempt counts towards the limit of a row. */
  | {step: 'again'; afterMs: number; counted: boolean}
  /** The row is left as it is, proven not applied, and the run ends. */
  | {step: 'give_up'};

/** How often a row may be sent so that the API could have applied it. */
export const maxAttempts = 3;

const maxUnreachableMs = 15 * 60_000;

export interface History {
  /** Attempts that counted, this one included. */
  attempts: number;
  /** 401s to this row in a row, each to another token. */
  unauthorized: number;
  /** Unsent attempts of this row in a row, and how long ago the first one was. */
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
        : {step: 'again', afterMs: backOff(history.unsent, random), counted: false};
    // Those who give permission know how long to wait: the token, the limiter, the breaker.
    case 'unauthorized':
      return history.unauthorized >= maxAttempts
        ? {step: 'give_up'}
        : {step: 'again', afterMs: 0, counted: false};
    case 'rate_limited':
    case 'blocked':
      return {step: 'again', afterMs: 0, counted: false};
    case 'again':
      return history.attempts >= maxAttempts ? {step: 'give_up'} : {step: 'again', afterMs: 0, counted: true};
  }
}

/** A random wait that grows with each try: anywhere between nothing and 1 s, 2 s, 4 s … at most 60 s. */
export function backOff(tries: number, random: () => number = Math.random): number {
  return Math.floor(random() * Math.min(60_000, 1000 * 2 ** (tries - 1)));
}
