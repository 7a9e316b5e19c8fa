import {EventEmitter, once} from 'node:events';
import type {Clock} from '../clock.ts';
import {Interrupted} from '../errors.ts';
import {AccessToken} from './access-token.ts';
import {ApiClient, type Call} from '../http/client.ts';
import type {HttpResult} from '../http/http-result.ts';
import type {Limiter} from '../limits/limiter.ts';
import type {Purpose} from '../limits/limiter.ts';
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
 * One application's way to the API: client, token and limits together. Reads go through `read`; a write takes
 * its permission and its token first (`prepare`), so that its intent can be written before it is sent.
 */
export class Connection {
  readonly token: AccessToken;
  readonly limiter: Limiter;
  /** Server time minus ours in milliseconds, by the newest answer's Date. */
  serverAhead = 0;
  /** The longest the API said it worked on a request (X-Runtime), in milliseconds. */
  maxRuntimeMs = 0;
  /** Permissions given, and those of them whose request has not ended. */
  #taken = 0;
  #open = 0;
  readonly #endings = new EventEmitter().setMaxListeners(0);
  readonly #client: ApiClient;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = options.client;
    this.limiter = options.limiter;
    this.token = new AccessToken({
      clock: options.clock,
      credentials: options.credentials,
      scopes: options.scopes,
      stop: options.stop,
      request: async (form) => {
        await this.#permitted('token');
        return this.#spend({method: 'POST', path: 'oauth/token', body: {params: form}});
      },
    });
    this.limiter.probeWith(() => this.probe());
  }

  /** Waits for the token and the permission of one write, in this order: a token may age while waiting. */
  async prepareWrite(): Promise<string> {
    await this.token.current();
    await this.#permitted('write');
    return this.token.current();
  }

  /** Sends a prepared write once. */
  async write(call: Call & {token: string}): Promise<HttpResult> {
    const exchange = await this.#send(call);
    if (exchange.kind === 'answered' && exchange.status !== 401) this.token.accepted(call.token);
    return exchange;
  }

  /** Reads once, within the limits; a 401 renews the token and reads once more. */
  async read(call: Omit<Call, 'method' | 'token'>, purpose: Purpose = 'read'): Promise<HttpResult> {
    for (;;) {
      const token = await this.token.current();
      await this.#permitted(purpose);
      const exchange = await this.#spend({...call, method: 'GET', token});
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

  /** Gives the permission of a write back: it was not used. */
  release(): void {
    this.limiter.release();
    this.#giveBack();
  }

  async #permitted(purpose: Purpose): Promise<void> {
    const {stop} = this.#options;
    await this.#withinAllowance(purpose);
    this.#taken++;
    this.#open++;
    if (await this.limiter.take(purpose, stop)) return;
    this.#giveBack();
    throw new Interrupted();
  }

  /**
   * A write too many waits for those that have their permission, since the end of the run would hold them back. What
   * they may need themselves, a token or a probe, must not wait for them.
   */
  async #withinAllowance(purpose: Purpose): Promise<void> {
    const {allowance, stop} = this.#options;
    if (!allowance) return;
    const isUsedUp = () => this.#taken >= allowance.requests;
    while (isUsedUp() && purpose === 'write' && this.#open > 0 && !stop.aborted)
      await once(this.#endings, 'ending', {signal: stop}).catch(() => undefined);
    if (!isUsedUp()) return;
    allowance.onUsedUp();
    throw new Interrupted();
  }

  #giveBack(): void {
    this.#taken--;
    this.#ended();
  }

  #ended(): void {
    this.#open--;
    this.#endings.emit('ending');
  }

  async #spend(call: Call): Promise<HttpResult> {
    const exchange = await this.#send(call);
    this.#options.onSpent(exchange.kind === 'answered' && exchange.status === 429);
    return exchange;
  }

  async #send(call: Call): Promise<HttpResult> {
    try {
      return await this.#sendPermitted(call);
    } finally {
      this.#ended();
    }
  }

  async #sendPermitted(call: Call): Promise<HttpResult> {
    if (!(await this.limiter.depart())) return {kind: 'lost', sent: false, code: 'held_back'};
    const sent = this.#options.clock.mono();
    const exchange = await this.#client.send(call, () => this.limiter.mayStillSend);
    this.limiter.heard(exchange);
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
