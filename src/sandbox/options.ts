import {randomBytes} from 'node:crypto';
import type {Fault} from './faults.ts';
import type {HourWindow} from './limits.ts';

export interface SandboxOptions {
  /** Default 0, any free one; always on 127.0.0.1. */
  port?: number;
  /** The application's credentials; generated if not given, so that two sandboxes are two applications. */
  uid?: string;
  secret?: string;
  /** A file that keeps all changes of records for the next sandbox; default: they are forgotten. */
  changes?: string;
  /** Generated users besides the documented ones; default 2000. */
  users?: number;
  /** Default 2; Infinity means no limit (the headers then say 1000000), as for `perHour` (1200). */
  perSecond?: number;
  perHour?: number;
  /** Default 'clock'. */
  hour?: HourWindow;
  /** Length of the hour (3600000) and of the second (1000) in ms, so that tests can scale them. */
  hourMs?: number;
  secondMs?: number;
  /** Whether a 429 carries Retry-After; default true. */
  retryAfter?: boolean;
  /** Whether responses carry the X-…-RateLimit headers; default true. */
  rateHeaders?: boolean;
  /** Life of a token in seconds; default 7200. */
  tokenSeconds?: number;
  /** Whether a token request gets the token that is still valid, with its remaining seconds; default true. */
  reuseToken?: boolean;
  /** Scopes that the application owns; default public, projects, tig. */
  scopes?: readonly string[];
  /** Default: those that the jobs need. */
  roles?: readonly string[];
  /** Epoch seconds after which the secret is refused; default null. */
  secretValidUntil?: number | null;
  faults?: readonly Fault[];
  /** Time from the arrival of a request to its effect and response; default 0. */
  latencyMs?: number;
  /** Readings show the records as they were so many ms ago, as a replica does that lags; default 0. */
  readLagMs?: number;
  /** How many items a page has at most, whatever was asked for; default 100. */
  maxPageSize?: number;
  /** What X-Total says: how many items the list has, nothing, or half of them; default 'right'. */
  totals?: 'right' | 'missing' | 'too small';
  /** Whether a second record of the same pair is refused; default false, as nothing documents that. */
  patronagesUnique?: boolean;
  /** Whether a close of a user who is closed already is refused; default false. */
  closesUnique?: boolean;
  /** How items of join tables that no document shows name the user: `user_id`, `user.id`, or not at all; default 'flat'. */
  links?: 'flat' | 'nested' | 'bare';
  /** Whether the lists of join tables heed their filters; default 'honoured'. */
  filters?: 'honoured' | 'ignored';
  /** Whose id removes a registration for an exam, which is not documented; default 'record'. */
  examsUserId?: 'record' | 'user';
  /** Whether a new account's e-mail goes to its candidature; default true, as the API's description says. */
  movesEmail?: boolean;
  /** How an account's nested candidature has to be sent; default 'object', as in the document's example. */
  candidatureAs?: 'object' | 'array';
  /** Wall clock in ms, and the timer that goes with it (it returns its cancellation); injected for virtual time. */
  now?: () => number;
  after?: (ms: number, run: () => void) => () => void;
}

type ServerOption = 'port' | 'users' | 'faults' | 'changes';

export type Settings = Required<Omit<SandboxOptions, ServerOption>>;

export function withDefaults(options: SandboxOptions): Settings {
  const {port: _port, users: _users, faults: _faults, changes: _changes, ...given} = options;
  return {
    uid: `u-s4t2ud-${randomBytes(32).toString('hex')}`,
    secret: `s-s4t2ud-${randomBytes(32).toString('hex')}`,
    perSecond: 2,
    perHour: 1200,
    hour: 'clock',
    hourMs: 3_600_000,
    secondMs: 1000,
    retryAfter: true,
    rateHeaders: true,
    tokenSeconds: 7200,
    reuseToken: true,
    scopes: ['public', 'projects', 'tig'],
    roles: [
      'Advanced tutor',
      'Advanced staff',
      'Basic staff',
      'Achievements manager',
      'Transactions manager',
    ],
    secretValidUntil: null,
    latencyMs: 0,
    readLagMs: 0,
    maxPageSize: 100,
    totals: 'right',
    patronagesUnique: false,
    closesUnique: false,
    candidatureAs: 'object',
    links: 'flat',
    filters: 'honoured',
    examsUserId: 'record',
    movesEmail: true,
    now: Date.now,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    ...given,
  };
}
