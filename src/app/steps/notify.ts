import type {Config} from '../../config.ts';
import {Bulk42Error} from '../../errors.ts';
import {createTransport} from '../../http/transport.ts';
import {TransportError} from '../../http/transport-error.ts';
import {proxyFor} from '../../proxy.ts';
import type {Summary} from '../../report/summary.ts';

export interface NotifySettings {
  /** An address. */
  notify?: string | undefined;
  notifyOn: 'failure' | 'always';
}

const timeoutMs = 10_000;

/**
 * Posts a run's summary. A receiver that cannot be reached never changes the result of a run.
 *
 * @returns why it could not be sent
 */
export async function notify(
  {notify: address, notifyOn}: NotifySettings,
  summary: Summary,
  {proxies, notifyHeader}: Pick<Config, 'proxies' | 'notifyHeader'>,
): Promise<string | undefined> {
  if (address === undefined || (notifyOn === 'failure' && summary.exitCode === 0)) return undefined;
  try {
    const status = await post(address, JSON.stringify(summary), {proxies, notifyHeader});
    return status < 300 ? undefined : `HTTP ${status}`;
  } catch (error) {
    if (error instanceof TransportError)
      return error.code === 'timeout' ? `no answer within ${timeoutMs / 1000} s` : error.code;
    if (error instanceof Bulk42Error) return error.message;
    throw error;
  }
}

/** The status of the answer. */
async function post(
  address: string,
  body: string,
  {proxies, notifyHeader}: Pick<Config, 'proxies' | 'notifyHeader'>,
): Promise<number> {
  const url = new URL(address);
  const way = {origin: url.origin, proxy: proxyFor(url, proxies), connections: 1};
  const transport = createTransport({...way, timeoutMs, abort: new AbortController().signal});
  try {
    const headers = {'content-type': 'application/json', ...notifyHeader};
    const sending = {headers, body, mayLeave: () => true};
    return (await transport.fetch({url: address, method: 'POST'}, sending)).status;
  } finally {
    await transport.close();
  }
}
