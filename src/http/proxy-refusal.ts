import {ConfigurationError} from '../errors.ts';
import {isCertificateError} from './certificate-error.ts';

/** Of the codes of what went wrong before there was a tunnel: nothing of a request had left by then. */
export const proxyCodePrefix = 'proxy_';

/** What to do where a proxy will let no request through, however often it is tried. */
export function proxyRefusal(code: string): ConfigurationError | undefined {
  const reason = code.startsWith(proxyCodePrefix) ? code.slice(proxyCodePrefix.length) : '';
  if (!/^4(?!08|29)\d\d$/.test(reason) && !isCertificateError(reason)) return undefined;
  return new ConfigurationError(`the proxy refuses the connection (${reason})`, {
    code: 'proxy_refused',
    hint:
      // tinyproxy says 401.
      reason === '407' || reason === '401'
        ? 'HTTPS_PROXY takes its user and password: http://user:password@host:port'
        : 'let the proxy allow this host, or name the host in NO_PROXY where there is another way to it',
  });
}
