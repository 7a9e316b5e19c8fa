import type {Purpose} from '../limiter.ts';

/** What budgetScript is asked. Times in milliseconds. */
export interface BudgetCall {
  /** Redis' own clock unless given, as in virtual time. */
  now?: number | undefined;
  /** Names Redis' memory of the application, if it has none yet. */
  nonce: string;
  /** How long such a new memory gives nothing. */
  quiet: number;
  /** The asking process. */
  proc: string;
  /**
   * What it wants permission for, the first that may pass; `again` is another slot for what was permitted. Undefined: it
   * keeps its place in the line, whatever it waits for.
   */
  asks?: readonly Ask[];
  /** For `again`: the slot that was missed, by Redis' clock. */
  missed?: number | undefined;
  /** Names the request that gets the permission. */
  id: string;
  /** So long ahead a slot has to be, for the answer to arrive before it. */
  lead: number;
  /** So long after its slot a request is over, whatever became of its process. */
  flight: number;
  /** The longest that the process waits before it asks again. */
  nap: number;
  /** Requests of the hour that only settling may use. */
  reserve: number;
  /** It knows how to ask the API for how long its hour is used up. */
  probes: boolean;
  /** Ceilings that the user gave. */
  per_second?: number | undefined;
  per_hour?: number | undefined;
  /**
   * What the process knew at the last answer: the name of Redis' memory, Redis' clock, and how much time has passed
   * since, at least and at most. Undefined before the first one.
   */
  known?: {epoch: string; now: number; least: number; most: number} | undefined;
  /** Requests that this machine sent in the last hour, with their age. Given at first, and to a Redis that forgot. */
  seed?: readonly (readonly [id: string, age: number])[] | undefined;
  /** What was in Redis at the last answer, for one that forgot it. */
  memory?: Memory | undefined;
  /** What came of requests since the last call. */
  news: readonly News[];
  lease?: LeaseCall | undefined;
  /** It asks for nothing any more. */
  leaving?: true;
}

export type Ask = Purpose | 'again';

export interface News {
  id: string;
  /** `ended`: nothing is known of it but that it is over. */
  kind: 'worked' | 'refused' | 'ended' | 'unsent';
  /** The API's words: requests an hour, how many of them are left, requests a second, Retry-After. */
  limit?: number | undefined;
  left?: number | undefined;
  per_second?: number | undefined;
  retry?: number | undefined;
  jitter?: number;
  /** The API's clock minus Redis'. */
  ahead?: number | undefined;
}

export interface LeaseCall {
  act: 'take' | 'keep' | 'release';
  /** Begins with `machine`. */
  token: string;
  /** Leases of this machine may be taken over at once: its own lock has shown that their process is dead. */
  machine: string;
  fence?: number | undefined;
  ttl: number;
  /** It was held so shortly ago that nobody can have had it since, even if Redis has forgotten it. */
  recent?: boolean;
}

/** What budgetScript keeps of the API; only the script looks into it. */
type Memory = Readonly<Record<string, unknown>>;

/** Redis has lost its memory: the call has to be repeated with all that the process remembers. */
export interface Forgotten {
  forgotten: true;
}

export interface BudgetReply {
  /** Changes when Redis has lost its memory. */
  epoch: string;
  now: number;
  memory: Memory;
  lease?: 'held' | 'taken' | 'quiet' | 'lost' | 'released';
  /** Larger than that of everyone who held the lease before. */
  fence?: number;
  /** What was permitted, and how long until its slot. */
  grant?: Ask;
  slot?: number;
  /** How long until it makes sense to ask again, and why. */
  wait?: number;
  why?: 'hour' | 'refused';
  /** This process is to send the probe. */
  probe?: true;
  /** 429s in a row, after one of this call's. */
  refusals?: number;
  /** How long everything waits: for a new memory to get old, and after a 429. */
  quiet: number;
  paused: number;
  per_second: number;
  per_hour: number;
  left: number;
  sharers: number;
}
