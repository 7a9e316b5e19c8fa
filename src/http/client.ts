import ky, {type KyInstance} from 'ky';
import {type ApiPath, buildPath} from './build-path.ts';
import type {HttpResult} from './http-result.ts';
import {parseResponse} from './parse-response.ts';
import {createTransport, type Transport} from './transport.ts';
import {TransportError} from './transport-error.ts';

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

  /** `mayLeave` is asked when the first byte is about to leave. */
  async send(call: Call, mayLeave: () => boolean = () => true): Promise<HttpResult> {
    const {method, path, query} = call;
    const {type, body} = call.body ? await encodeBody(call.body) : noBody;
    const headers = {...this.#headers, ...headersOf(call), ...(type && {'content-type': type})};
    let response: Response;
    try {
      response = await this.#ky(buildPath(path), {
        method,
        ...(query && {
          searchParams: new URLSearchParams(query.map(([name, value]) => [name, value] as [string, string])),
        }),
        fetch: (request) => this.#transport.fetch(request as Request, {headers, body, mayLeave}),
      });
    } catch (error) {
      if (error instanceof TransportError) return {kind: 'noResponse', sent: error.sent, code: error.code};
      throw error;
    }
    return parseResponse(response.status, response.headers, await textOf(response));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

function headersOf({token, requestId}: Call): Record<string, string> {
  return {
    ...(token !== undefined && {authorization: `Bearer ${token}`}),
    ...(requestId !== undefined && {'x-request-id': requestId}),
  };
}

interface EncodedBody {
  type: string | undefined;
  body: string | Uint8Array | undefined;
}

const noBody: EncodedBody = {type: undefined, body: undefined};

async function encodeBody(body: NonNullable<Call['body']>): Promise<EncodedBody> {
  if ('json' in body) return {type: 'application/json', body: JSON.stringify(body.json)};
  const encoded = new Response('form' in body ? body.form : body.params);
  return {
    type: encoded.headers.get('content-type') ?? undefined,
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}

/** Undefined where the body was cut off. */
async function textOf(response: Response): Promise<string | undefined> {
  try {
    return await response.text();
  } catch {
    return undefined;
  }
}
