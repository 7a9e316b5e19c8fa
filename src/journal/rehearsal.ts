import type {HeaderEntry} from './entry.ts';

/** What stands for the embedded API in the journals of rehearsals: it listens on another port in each command. */
export const rehearsalUrl = 'http://sandbox.localhost';

/** Whether a run went to the embedded API of `--sandbox`, and never reached the 42 API. */
export function isRehearsal({baseUrl}: Pick<HeaderEntry, 'baseUrl'>): boolean {
  return baseUrl === rehearsalUrl;
}
