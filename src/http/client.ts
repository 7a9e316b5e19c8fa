import ky, {type KyInstance, type Options} from 'ky';
import {buildPath} from './build-url.ts';
import type {HttpResult} from './http-result.ts';
import {withLightRequest} from './light-request.ts';
import {createTransport, type Transport, TransportError} from './transport.ts';

export interface ClientOptions {
  /** Validated: https, or http on a loopback host. */
  baseUrl: URL;
  userAgent: string;
  timeoutMs: number;
  connections: number;
  /** Ends everything at once. */
  abort: AbortSignal;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments below `/v2`, or one of the two OAuth paths. */
  path: readonly (string | number)[] | 'oauth/token' | 'oauth/token/info';
  query?: readonly (readonly [string, string])[];
  body?: {json: unknown} | {form: FormData} | {params: URLSearchParams};
  token?: string;
  requestId?: string;
}

/**
 * The one door to HTTP. It sends a call once and tells what came of it: it retries nothing, follows no
 * redirect, and throws for nothing that a network or a server can do.
 */
export class ApiClient {
  readonly #transport: Transport;
  readonly #ky: KyInstance;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: ClientOptions) {
    this.#transport = createTransport({
      origin: options.baseUrl.origin,
      connections: options.connections,
      timeoutMs: options.timeoutMs,
      abort: options.abort,
    });
    this.#ky = ky.create({
      prefixUrl: options.baseUrl,
      retry: 0,
      throwHttpErrors: false,
      timeout: false,
    });
    this.#headers = {'user-agent': options.userAgent, accept: 'application/json'};
  }

  /** `mayLeave` is asked when the first byte is about to. */
  async send(call: Call, mayLeave: () => boolean = () => true): Promise<HttpResult> {
    const {path, body} = call;
    const json = body && 'json' in body ? JSON.stringify(body.json) : undefined;
    // ky copies every option and header of a call several times, so it gets none that it has no use for.
    const headers = {...this.#headers, ...headersOf(call)};
    const start = () =>
      this.#ky(typeof path === 'string' ? path : buildPath(path), {
        ...optionsOf(call),
        fetch: (request) => this.#transport.fetch(request as Request, {headers, json, mayLeave}),
      });
    try {
      // A form has to be encoded, which only a real Request does.
      const response = await (body && json === undefined ? start() : withLightRequest(start));
      const answer = {kind: 'answered', status: response.status, headers: response.headers} as const;
      try {
        return {...answer, body: await response.text(), whole: true};
      } catch {
        return {...answer, body: '', whole: false};
      }
    } catch (error) {
      if (error instanceof TransportError) return {kind: 'lost', sent: error.sent, code: error.code};
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

function optionsOf({method, query, body}: Call): Options {
  return {
    method,
    ...(query === undefined
      ? {}
      : {searchParams: new URLSearchParams(query.map(([name, value]) => [name, value] as [string, string]))}),
    ...(body && !('json' in body) ? {body: 'form' in body ? body.form : body.params} : {}),
  };
}

function headersOf({body, token, requestId}: Call): Record<string, string> {
  return {
    ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
    ...(requestId === undefined ? {} : {'x-request-id': requestId}),
    ...(body && 'json' in body ? {'content-type': 'application/json'} : {}),
  };
}
