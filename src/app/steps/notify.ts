import ky, {HTTPError, TimeoutError} from 'ky';
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
): Promise<string | undefined> {
  if (address === undefined || (notifyOn === 'failure' && summary.exitCode === 0)) return undefined;
  try {
    await ky.post(address, {json: summary, timeout: timeoutMs, retry: 0, redirect: 'manual'});
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof HTTPError) return `HTTP ${error.response.status}`;
  if (error instanceof TimeoutError) return `no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    (cause as NodeJS.ErrnoException | undefined)?.code ?? (error instanceof Error ? error.name : 'error')
  );
}
