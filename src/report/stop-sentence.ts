import {localTime} from '../local-time.ts';
import type {Replayed} from '../journal/replay.ts';

const byReason: Readonly<Record<string, string>> = {
  max_requests: 'It stopped because the requests of --max-requests were used up.',
  page: 'It was stopped in the page.',
  outage: 'It stopped because the API kept failing.',
  unexpected_answers: 'It stopped because another server answered in place of the API.',
  rate_limited: 'It stopped because the API kept refusing requests: its limits were used up.',
};

const byExitCode: Readonly<Record<number, string>> = {
  22: 'It stopped by itself, since too many rows were rejected.',
  70: 'It stopped at a fault of the program itself; please report it.',
  74: 'It stopped because the disk could not be written.',
  75: 'It stopped because the API, or what the run needs besides it, could not be reached.',
  77: 'It stopped because the API refused the application: its credentials, roles, scopes or certificate.',
  78: 'It stopped because its configuration is wrong.',
  129: 'It ended with its terminal.',
  130: 'It was ended with Ctrl-C.',
  143: 'It was ended by the system.',
};

/** Why a run is not finished, in a sentence for people; '' where it is, or where nothing is known. */
export function stopSentence({state, left, header}: Pick<Replayed, 'state' | 'left' | 'header'>): string {
  if (state === 'running') return 'It is still going on, or its process was killed.';
  if (!left) return '';
  if (left.why === 'until') {
    const {timezone} = header.shape;
    return `It stopped at ${localTime(left.t, {timezone, now: left.t})}, the time of --until.`;
  }
  return byReason[left.why ?? ''] ?? byExitCode[left.code] ?? '';
}
