import {createHash} from 'node:crypto';
import {ApiClient} from '../http/client.ts';
import {canonicalHost} from './canonical-url.ts';
import {Connection} from './connection.ts';
import type {LimitStore} from '../limits/limit-store.ts';
import type {LimitWait} from '../limits/limit-state.ts';
import {Limiter} from '../limits/limiter.ts';
import {MemoryStore} from '../limits/memory-store.ts';
import {Reader} from './reader.ts';
import {openRequestLog, type RequestLog} from '../limits/request-log.ts';
import type {Clock} from '../clock.ts';
import type {Config, Credentials} from '../config.ts';
import type {Journal} from '../journal/journal.ts';
import {proxyFor} from '../proxy.ts';
import type {StopSignal} from '../stop-signal.ts';

/** How requests go out, as the user sets it. */
export interface RequestSettings {
  perSecond?: number | undefined;
  perHour?: number | undefined;
  /** Requests in flight. */
  concurrency?: number | undefined;
  /** Seconds for one request. */
  timeout: number;
  /** The run stops cleanly when it wants more requests than these. */
  maxRequests?: number | undefined;
}

export interface SessionOptions {
  config: Config;
  credentials: Credentials;
  scopes: readonly string[];
  clock: Clock;
  stop: StopSignal;
  version: string;
  settings: RequestSettings;
  onWait: (reason: LimitWait, ms: number) => void;
  /** Where the limits are shared with other machines. */
  limitStore?: LimitStore | undefined;
}

/** Everything that one command needs to talk to the API, and the account of what it sent. */
export class Session {
  readonly connection: Connection;
  readonly reader: Reader;
  /** Requests that were not writes, and how many of them the API turned away. */
  readonly spent = {reads: 0, refused: 0};
  readonly #requestLog: RequestLog;
  #journal: Journal | undefined;

  constructor(options: SessionOptions) {
    const {config, credentials, scopes, clock, stop, settings} = options;
    const {address = config.baseUrl} = config;
    const {perSecond, perHour, concurrency = maxInFlight, maxRequests} = settings;
    this.#requestLog = openRequestLog(
      config.stateFolder,
      applicationOf(address, clientOf(credentials.uid)),
      clock.wall(),
    );
    const {limitStore: store = new MemoryStore(clock), onWait} = options;
    store.open(this.#requestLog.recent, stop.signal);
    const timeoutMs = settings.timeout * 1000;
    const onSend = (wall: number) => this.#requestLog.record(wall);
    const limiter = new Limiter({clock, store, timeoutMs, perSecond, perHour, onSend, onWait});
    const client = new ApiClient({
      baseUrl: address,
      proxy: proxyFor(address, config.proxies),
      userAgent: `bulk42/${options.version}`,
      timeoutMs,
      // One more than writes in flight, so that a reading never waits behind them.
      connections: concurrency + 1,
      abort: stop.abort,
    });
    this.connection = new Connection({
      clock,
      client,
      limiter,
      credentials,
      scopes,
      stop: stop.signal,
      onSpent: (refused) => this.#count(refused),
      allowance:
        maxRequests === undefined
          ? undefined
          : {requests: maxRequests, onUsedUp: () => stop.request('max_requests')},
    });
    this.reader = new Reader(this.connection, clock, stop.signal);
  }

  /** From now on the account is kept in the run's journal, what was spent before the run began included. */
  keepAccountIn(journal: Journal): void {
    this.#journal = journal;
    const {reads, refused} = this.spent;
    if (reads > 0) journal.note({k: 'spent', n: reads, x: refused});
  }

  #count(refused: boolean): void {
    this.spent.reads++;
    if (refused) this.spent.refused++;
    this.#journal?.note({k: 'spent', n: 1, x: refused ? 1 : 0});
  }

  async close(): Promise<void> {
    this.#requestLog.close();
    await this.connection.close();
  }
}

/** More requests at once do not make one process faster. */
export const maxInFlight = 64;

/** Limits, lock and memory are per application: API host and client id. */
export function applicationOf(baseUrl: URL, client: string): string {
  return `${canonicalHost(baseUrl)} ${client}`;
}

/** A client id as journals name it: the first 8 hex digits of its SHA-256. */
export function clientOf(uid: string): string {
  return createHash('sha256').update(uid).digest('hex').slice(0, 8);
}
