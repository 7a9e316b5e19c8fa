import type {Dispatcher} from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import {RequestInFlight} from './request-in-flight.ts';

export interface TransportOptions {
  /** `https://host[:port]`. */
  origin: string;
  proxy?: URL | undefined;
  connections: number;
  /** For one request, from the call to the last byte of the response. */
  timeoutMs: number;
  /** Aborting it ends every request at once, sent or not. */
  abort: AbortSignal;
}

export interface Transport {
  fetch(request: Pick<Request, 'url' | 'method'>, sending: Sending): Promise<Response>;
  close(): Promise<void>;
}

/**
 * What goes beside the Request and not in it. ky copies the headers of a call six times, and clones each Request, which
 * makes a stream of its body and splits that: with both in the Request, a run of 50,000 rows would miss 0.6 times the
 * speed of a script by hand.
 */
interface Sending {
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | undefined;
  /** Asked when the connection is up and the first byte is about to leave. */
  mayLeave: () => boolean;
}

/**
 * A `fetch` on a connection pool, for the one thing that a fetch cannot tell: whether a failed request was ever sent. It
 * follows no redirect and retries nothing.
 *
 * An idle connection is used for 2 s at most: servers close theirs silently, and a write on a dead connection
 * is a row in doubt.
 */
export function createTransport({abort, timeoutMs, ...options}: TransportOptions): Transport {
  // One listener for all requests: there may be many in flight.
  const inFlight = new Set<RequestInFlight>();
  abort.addEventListener('abort', () => inFlight.forEach((request) => request.giveUp('aborted')));
  const dispatcher = openDispatcher(options, Math.min(10_000, timeoutMs));
  return {
    async fetch({url, method}, {headers, body = null, mayLeave}) {
      const {origin, pathname, search} = new URL(url);
      const request = new RequestInFlight(timeoutMs, mayLeave);
      inFlight.add(request);
      try {
        const open = dispatcher instanceof Promise ? await dispatcher : dispatcher;
        if (abort.aborted) request.giveUp('aborted');
        else open.dispatch({origin, path: pathname + search, method, headers, body}, request);
        return await request.response;
      } finally {
        inFlight.delete(request);
      }
    },
    close: async () => (await dispatcher).destroy(),
  };
}

/** The way through a proxy is loaded where there is one. */
function openDispatcher(
  {origin, proxy, connections}: Pick<TransportOptions, 'origin' | 'proxy' | 'connections'>,
  connectTimeoutMs: number,
): Dispatcher | Promise<Dispatcher> {
  const options = {
    connections,
    pipelining: 1,
    keepAliveTimeout: 2000,
    keepAliveMaxTimeout: 2000,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (!proxy) return new Pool(origin, {...options, connect: {timeout: connectTimeoutMs}});
  return import('./proxy-agent.ts').then(({openProxyAgent}) =>
    openProxyAgent(proxy, connectTimeoutMs, options),
  );
}
