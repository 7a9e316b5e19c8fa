import {ConfigurationError} from './errors.ts';

/** The proxies of the environment, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` hold them. */
export interface Proxies {
  https: string | undefined;
  http: string | undefined;
  /** Hosts that need none, each with its subdomains: `example.org, .example.net:8443`; `*` for all. */
  none: string | undefined;
}

/**
 * The proxy that requests to `url` go through; undefined where they go straight there, as they always do on loopback.
 * Pure.
 *
 * @throws ConfigurationError (exit 78) where it is no proxy's address
 */
export function proxyFor(url: URL, {https, http, none = ''}: Proxies): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = name === 'HTTPS_PROXY' ? https : http;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const isExcepted = none.split(/[\s,]+/).some((entry) => matches(entry.toLowerCase(), url.hostname, port));
  if (given === undefined || isLoopback(url.hostname) || isExcepted) return undefined;
  const address = given.includes('://') ? given : `http://${given}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol) && proxy.pathname === '/' && hasReadablePassword(proxy))
    return proxy;
  // It may hold a password.
  throw new ConfigurationError(`${name} is not the address of a proxy`, {
    code: 'proxy',
    hint: `write it as http://host:port, or name ${url.hostname} in NO_PROXY`,
  });
}

/** A % that begins no escape stands in neither name nor password. */
function hasReadablePassword({username, password}: URL): boolean {
  return !/%(?![0-9a-f]{2})/i.test(username + password);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function matches(entry: string, host: string, port: string): boolean {
  const [, name = entry, onPort = port] = /^(.+):(\d+)$/.exec(entry) ?? [];
  const domain = name.replace(/^\*?\./, '');
  if (domain === '' || onPort !== port) return false;
  return domain === '*' || host === domain || host.endsWith(`.${domain}`);
}
