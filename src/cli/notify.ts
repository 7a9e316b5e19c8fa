import ky from 'ky';
import type {Summary} from '../report/summary.ts';
import type {Terminal} from './terminal.ts';
import {visible} from './visible.ts';

export interface NotifyArguments {
  notify?: string;
  'notify-on'?: 'failure' | 'always';
}

/** Posts a run's summary. A receiver that is down is worth a line, and never the run's result. */
export async function notify(args: NotifyArguments, summary: Summary, terminal: Terminal): Promise<void> {
  if (args.notify === undefined || (args['notify-on'] === 'failure' && summary.exitCode === 0)) return;
  try {
    await ky.post(args.notify, {json: summary, timeout: 10_000, retry: 0, redirect: 'error'});
  } catch (error) {
    terminal.error(
      `the notification could not be sent (${error instanceof Error ? visible(error.name) : 'error'})`,
    );
  }
}
