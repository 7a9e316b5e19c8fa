import type {Clock} from '../clock.ts';
import {AccessToken} from './access-token.ts';
import {ApiClient, type Call} from '../http/client.ts';
import type {HttpResult} from '../http/http-result.ts';
import type {Limiter, Permit, Purpose} from '../limits/limiter.ts';
import {RequestAllowance} from '../limits/request-allowance.ts';
import {httpDate} from '../http/retry-after.ts';

export interface ConnectionOptions {
  clock: Clock;
  client: ApiClient;
  limiter: Limiter;
  credentials: {uid: string; secret: string};
  scopes: readonly string[];
  /** Aborted when the run is asked to end: nothing new is sent. */
  stop: AbortSignal;
  /** Told of every request that is not a write, for the run's account. */
  onSpent(refused: boolean): void;
  /** Requests that may be sent in all, and what happens when one more is wanted. */
  allowance?: {requests: number; onUsedUp(): void} | undefined;
}

/**
 * One application's way to the API: client, token and limits together. Reads go through `read`; a write acquires
 * its permit and its token first (`prepareWrite`), so that its intent can be written before it is sent.
 */
export class Connection {
  readonly token: AccessToken;
  readonly limiter: Limiter;
  /** Server time minus ours in milliseconds, by the newest answer's Date. */
  serverAhead = 0;
  /** The longest the API said it worked on a request (X-Runtime), in milliseconds. */
  maxRuntimeMs = 0;
  readonly #allowance: RequestAllowance | undefined;
  readonly #client: ApiClient;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = options.client;
    this.limiter = options.limiter;
    this.#allowance = options.allowance && new RequestAllowance(options.allowance);
    this.token = new AccessToken({
      clock: options.clock,
      credentials: options.credentials,
      scopes: options.scopes,
      stop: options.stop,
      request: (form) => {
        return this.#spend('token', {method: 'POST', path: 'oauth/token', body: {params: form}});
      },
    });
    this.limiter.probeWith(() => this.probe());
  }

  /** Waits for the token and the permit of one write, in this order: a token may age while waiting. */
  async prepareWrite(): Promise<{token: string; permit: Permit}> {
    await this.token.current();
    const permit = await this.#acquire('write');
    try {
      return {token: await this.token.current(), permit};
    } catch (error) {
      permit.cancel();
      throw error;
    }
  }

  /** Sends a prepared write once. */
  async write(call: Call & {token: string}, permit: Permit): Promise<HttpResult> {
    const exchange = await this.#send(call, permit);
    if (exchange.kind === 'answered' && exchange.status !== 401) this.token.accepted(call.token);
    return exchange;
  }

  /** Reads once, within the limits; a 401 renews the token and reads once more. */
  async read(call: Omit<Call, 'method' | 'token'>, purpose: Purpose = 'read'): Promise<HttpResult> {
    for (;;) {
      const token = await this.token.current();
      const exchange = await this.#spend(purpose, {...call, method: 'GET', token});
      if (exchange.kind !== 'answered' || exchange.status !== 401) {
        if (exchange.kind === 'answered') this.token.accepted(token);
        return exchange;
      }
      this.token.refused(token);
    }
  }

  /** The cheapest request that carries the limits' headers. */
  probe(): Promise<HttpResult> {
    return this.read({path: ['users'], query: [['page[size]', '1']]}, 'probe');
  }

  #acquire(purpose: Purpose): Promise<Permit> {
    const {stop, limiter} = this.#options;
    const acquire = () => limiter.acquire(purpose, stop);
    return this.#allowance?.acquire(purpose, stop, acquire) ?? acquire();
  }

  /** Sends a request that is not a write, as soon as it may leave. */
  async #spend(purpose: Purpose, call: Call): Promise<HttpResult> {
    let permit = await this.#acquire(purpose);
    while (!(await permit.ready())) permit = await this.#acquire(purpose);
    const exchange = await this.#send(call, permit);
    this.#options.onSpent(exchange.kind === 'answered' && exchange.status === 429);
    return exchange;
  }

  async #send(call: Call, permit: Permit): Promise<HttpResult> {
    const sent = this.#options.clock.mono();
    let exchange: HttpResult;
    try {
      exchange = await this.#client.send(call, () => permit.mayLeave());
    } catch (error) {
      permit.cancel();
      throw error;
    }
    permit.complete(exchange);
    if (exchange.kind === 'answered') {
      const date = httpDate(exchange.headers.get('date') ?? '');
      if (date !== undefined) this.serverAhead = date - this.#options.clock.wall();
      const runtime = Number(exchange.headers.get('x-runtime') ?? 0) * 1000;
      // Never longer than we waited for it, whatever it says.
      const waited = this.#options.clock.mono() - sent;
      if (runtime > this.maxRuntimeMs) this.maxRuntimeMs = Math.min(runtime, waited);
    }
    return exchange;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
