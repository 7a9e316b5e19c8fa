import ky, {HTTPError, TimeoutError} from 'ky';
import type {Summary} from '../report/summary.ts';
import type {Terminal} from './terminal.ts';
import {escapeControlCharacters} from './print/escape-control-characters.ts';

export interface NotifyArguments {
  notify?: string | undefined;
  notifyOn?: 'failure' | 'always';
}

/** Milliseconds. */
const timeout = 10_000;

/** Posts a run's summary. A receiver that is down is worth a line, and never the run's result. */
export async function notify(args: NotifyArguments, summary: Summary, terminal: Terminal): Promise<void> {
  if (args.notify === undefined || (args.notifyOn === 'failure' && summary.exitCode === 0)) return;
  try {
    await ky.post(args.notify, {json: summary, timeout, retry: 0, redirect: 'manual'});
  } catch (error) {
    terminal.error(`the notification could not be sent (${escapeControlCharacters(reasonOf(error))})`);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof HTTPError) return `HTTP ${error.response.status}`;
  if (error instanceof TimeoutError) return `no answer within ${timeout / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    (cause as NodeJS.ErrnoException | undefined)?.code ?? (error instanceof Error ? error.name : 'error')
  );
}
