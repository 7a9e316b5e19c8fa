import connect from 'undici/lib/api/api-connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import type {Dispatcher} from 'undici';
import {proxyCodePrefix} from './proxy-refusal.ts';

/** The way to a server through a proxy: a tunnel for each connection, https: the proxy sees the host and nothing else. */
export function openProxyAgent(proxy: URL, connectTimeoutMs: number, options: Pool.Options): Dispatcher {
  return new ProxyAgent({
    ...options,
    uri: proxy.href,
    clientFactory: (origin, given) => new ProxyPool(origin, {...given, headersTimeout: connectTimeoutMs}),
  });
}

/**
 * The connections to the proxy. What goes wrong there gets a code of its own: undici would try a tunnel that was cut off
 * again without an end, and says of a refusal only that it was one.
 */
class ProxyPool extends Pool {
  override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const tunnel = await connect.call(this, options).catch((cause: NodeJS.ErrnoException) => {
      throw new ProxyError(cause.code ?? 'error', cause);
    });
    if (tunnel.statusCode === 200) return tunnel;
    tunnel.socket.on('error', () => undefined).destroy();
    throw new ProxyError(String(tunnel.statusCode));
  }
}

class ProxyError extends Error {
  readonly code: string;
  constructor(code: string, cause?: Error) {
    super(code, {cause});
    this.code = proxyCodePrefix + code;
  }
}
