import type {SentCounts} from './sent-counts.ts';

/** What is known of an application's limits, as plain JSON. All times are ms since 1970 by the store's clock. */
export interface LimitState {
  v: 1;
  /** Nothing is permitted before. */
  opensAt: number;
  /** What the API says; undefined until it has. */
  perSecond?: number | undefined;
  /** Added to the even distance between requests, as refusals have shown it to be too small. */
  marginMs: number;
  /** Where the server may have counted the newest requests that have ended. */
  recent: readonly Interval[];
  /** Permits that have not ended, by id. */
  open: Readonly<Record<string, OpenPermit>>;
  pausedUntil: number;
  pauseReason: LimitWait;
  /** 429s since the last success; those of requests in flight at the first of them count as one. */
  refusals: number;
  refusedAt: number;
  hour: HourState;
  /** The processes that share the limits: when they were seen, and since when they wait for room in the hour. */
  processes: Readonly<Record<string, {seen: number; waitsSince?: number | undefined}>>;
}

export type LimitWait = 'hour' | 'refused';

export interface Interval {
  from: number;
  to: number;
}

export interface OpenPermit {
  process: string;
  /** When its request may leave, and how much later the server may count it. */
  slot: number;
  spreadMs: number;
  /** Over by then, whatever became of its process. */
  until: number;
  /** The second in which the hour's account has it; undefined where nothing is counted. */
  second?: number | undefined;
  probe?: ProbeReason | undefined;
}

/** Why a request may find room again: a full clock hour, our oldest requests being an hour old, or its Retry-After being over. */
export type ProbeReason = 'clock' | 'own' | 'retry_after';

export interface HourState {
  sent: SentCounts;
  /** So many of the sent requests, the newest, may still be in the API's count. */
  counted: number;
  /** What the API says is the limit and is left, requests in flight not yet deducted. */
  limit?: number | undefined;
  left?: number | undefined;
  /** So many responses to come may be older than the newest one. */
  overtaken: number;
  isUsedUp: boolean;
  /** When one request may be sent although nothing is left. */
  nextProbe?: {at: number; reason: ProbeReason} | undefined;
  /** Probes in a row that came too early, and how long that is waited out. */
  failedProbes: number;
  noProbeBefore: number;
  mayBeClockHour: boolean;
  isRetryAfterReliable: boolean;
  /** Whether, and when, a request may be spent on asking for how long nothing is left. */
  isWorthAsking: boolean;
  nextQuestion: number;
  /** The API's clock minus the store's. */
  apiAheadMs: number;
}

export function emptyState(): LimitState {
  return {
    v: 1,
    opensAt: 0,
    marginMs: 0,
    recent: [],
    open: {},
    processes: {},
    pausedUntil: 0,
    pauseReason: 'refused',
    refusals: 0,
    refusedAt: 0,
    hour: {
      sent: {from: 0, counts: []},
      counted: 0,
      overtaken: 0,
      isUsedUp: false,
      apiAheadMs: 0,
      failedProbes: 0,
      noProbeBefore: 0,
      mayBeClockHour: true,
      isRetryAfterReliable: true,
      isWorthAsking: true,
      nextQuestion: 0,
    },
  };
}
