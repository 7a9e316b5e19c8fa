import type {Clock} from '../clock.ts';
import {AccessToken} from './access-token.ts';
import {ApiClient, type Call} from '../http/client.ts';
import type {HttpResult} from '../http/http-result.ts';
import type {Purpose} from '../limits/limit-call.ts';
import type {Limiter} from '../limits/limiter.ts';
import type {Permit} from '../limits/permit.ts';
import {RequestAllowance} from './request-allowance.ts';
import {type ApiResult, classifyResponse} from './classify-response.ts';

export interface ConnectionOptions {
  clock: Clock;
  client: ApiClient;
  limiter: Limiter;
  credentials: {uid: string; secret: string};
  scopes: readonly string[];
  /** Aborted when the run is asked to end: nothing new is sent. */
  stop: AbortSignal;
  /** Called after every request that is not a write, for the run's account. */
  onSpent(isRateLimited: boolean): void;
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
  /** Server time minus ours in milliseconds, by the newest response's Date. */
  serverAhead = 0;
  /** Of the application, as the last response named them. */
  roles: string | undefined;
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
  async write(call: Call & {token: string}, permit: Permit): Promise<ApiResult> {
    const result = await this.#send(call, permit);
    if ('response' in result && result.kind !== 'unauthorized') this.token.accepted(call.token);
    return result;
  }

  /** Reads once, within the limits; a 401 renews the token and reads once more. */
  async read(call: Omit<Call, 'method' | 'token'>, purpose: Purpose = 'read'): Promise<ApiResult> {
    for (;;) {
      const token = await this.token.current();
      const result = await this.#spend(purpose, {...call, method: 'GET', token});
      if (result.kind !== 'unauthorized') {
        if ('response' in result) this.token.accepted(token);
        return result;
      }
      this.token.refused(token);
    }
  }

  /** The cheapest request that carries the limits' headers. */
  probe(): Promise<ApiResult> {
    return this.read({path: ['users'], query: [['page[size]', '1']]}, 'probe');
  }

  #acquire(purpose: Purpose): Promise<Permit> {
    const {stop, limiter} = this.#options;
    const acquire = () => limiter.acquire(purpose, stop);
    return this.#allowance?.acquire(purpose, stop, acquire) ?? acquire();
  }

  /** Sends a request that is not a write, as soon as it may leave. */
  async #spend(purpose: Purpose, call: Call): Promise<ApiResult> {
    let permit = await this.#acquire(purpose);
    while (!(await permit.ready())) permit = await this.#acquire(purpose);
    const result = await this.#send(call, permit);
    this.#options.onSpent(result.kind === 'rate_limited');
    return result;
  }

  async #send(call: Call, permit: Permit): Promise<ApiResult> {
    const {clock} = this.#options;
    const sentAt = clock.mono();
    let result: HttpResult;
    try {
      result = await this.#client.send(call, () => permit.mayLeave());
    } catch (error) {
      permit.cancel();
      throw error;
    }
    permit.complete(result);
    if (result.kind === 'response') {
      const {dateMs, roles, runtimeMs = 0} = result;
      this.roles = roles ?? this.roles;
      if (dateMs !== undefined) this.serverAhead = dateMs - clock.wall();
      // Never longer than this program waited for it, whatever the response says.
      const waitedMs = clock.mono() - sentAt;
      if (runtimeMs > this.maxRuntimeMs) this.maxRuntimeMs = Math.min(runtimeMs, waitedMs);
    }
    return classifyResponse(result, call);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
