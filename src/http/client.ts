import ky, {type KyInstance} from 'ky';
import {type ApiPath, buildPath} from './build-path.ts';
import type {HttpResult} from './http-result.ts';
import {parseResponse} from './parse-response.ts';
import {createTransport, type Transport, type TransportOptions} from './transport.ts';
import {TransportError} from './transport-error.ts';

export interface ClientOptions extends Omit<TransportOptions, 'origin'> {
  /** Validated: https, or http on a loopback host. */
  baseUrl: URL;
  userAgent: string;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: ApiPath;
  query?: readonly (readonly [string, string])[];
  body?: {json: unknown} | {form: FormData} | {params: URLSearchParams};
  token?: string;
  requestId?: string;
}

/**
 * The one door to HTTP. It sends a call once and gives back what came of it: it retries nothing, follows no
 * redirect, and throws for nothing that a network or a server can do.
 */
export class ApiClient {
  readonly #transport: Transport;
  readonly #ky: KyInstance;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: ClientOptions) {
    this.#transport = createTransport({...options, origin: options.baseUrl.origin});
    this.#ky = ky.create({
      prefixUrl: options.baseUrl,
      retry: 0,
      throwHttpErrors: false,
      timeout: false,
    });
    this.#headers = {'user-agent': options.userAgent, accept: 'application/json'};
  }

  /** `mayLeave` is asked when the first byte is about to leave. */
  async send(call: Call, mayLeave: () => boolean = () => true): Promise<HttpResult> {
    const {method, path, query, token, requestId} = call;
    const {type, body} = await encodeBody(call.body);
    const headers = {
      ...this.#headers,
      ...(token !== undefined && {authorization: `Bearer ${token}`}),
      ...(requestId !== undefined && {'x-request-id': requestId}),
      ...(type && {'content-type': type}),
    };
    let response: Response;
    try {
      response = await this.#ky(buildPath(path), {
        method,
        ...(query && {searchParams: query.map((parameter) => [...parameter])}),
        fetch: (request) => this.#transport.fetch(request as Request, {headers, body, mayLeave}),
      });
    } catch (error) {
      if (error instanceof TransportError) return {kind: 'noResponse', sent: error.sent, code: error.code};
      throw error;
    }
    // A body that was cut off has no text.
    const text = await response.text().catch(() => undefined);
    return parseResponse(response.status, response.headers, text);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

async function encodeBody(body: Call['body']): Promise<{type?: string | null; body?: string | Uint8Array}> {
  if (!body) return {};
  if ('json' in body) return {type: 'application/json', body: JSON.stringify(body.json)};
  const encoded = new Response('form' in body ? body.form : body.params);
  return {
    type: encoded.headers.get('content-type'),
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}
