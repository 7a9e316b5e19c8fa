import {UsageError} from '../errors.ts';
import type {Existing} from '../plan/decide-row.ts';
import {defaultFailureLimit, type FailureLimit, parseLimit} from '../send/failure-limit.ts';
import type {SharingArguments} from './sharing.ts';

/** Arguments that run, resume and retry have in common, as the parser gives them. */
export interface RunArguments extends SharingArguments {
  'per-second'?: number;
  'per-hour'?: number;
  concurrency?: number;
  timeout: number;
  settle: number;
  existing: Existing;
  'on-invalid': 'abort' | 'skip';
  'max-failures'?: string;
  'max-changes'?: string;
  'max-requests'?: number;
  until?: string;
  'wait-lock': number;
  yes: boolean;
  out: string;
  sandbox?: boolean;
  'changed-since'?: string;
  plan?: string;
  notify?: string;
  'notify-on'?: 'failure' | 'always';
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  'no-progress': boolean;
}

export interface RunSettings {
  perSecond: number | undefined;
  perHour: number | undefined;
  concurrency: number | undefined;
  timeoutMs: number;
  settleMs: number;
  failureLimit: FailureLimit;
  maxChanges: {rows: number} | {percent: number} | undefined;
  maxRequests: number | undefined;
  /** Local time of day, in minutes since midnight. */
  until: number | undefined;
  waitLockMs: number;
}

/** @throws UsageError for a value that makes no sense. */
export function runSettings(args: RunArguments): RunSettings {
  const perSecond = args['per-second'];
  return {
    perSecond,
    perHour: args['per-hour'],
    concurrency: args.concurrency,
    timeoutMs: args.timeout * 1000,
    settleMs: args.settle * 1000,
    failureLimit:
      args['max-failures'] === undefined
        ? defaultFailureLimit
        : parseLimit(args['max-failures'], 'max-failures'),
    maxChanges:
      args['max-changes'] === undefined ? undefined : parseLimit(args['max-changes'], 'max-changes'),
    maxRequests: args['max-requests'],
    until: args.until === undefined ? undefined : minutesOf(args.until),
    waitLockMs: args['wait-lock'] * 1000,
  };
}

function minutesOf(text: string): number {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (!match)
    throw new UsageError(`--until takes a time of day as HH:MM, not "${text}"`, {
      hint: 'for example --until 06:30',
    });
  return Number(match[1]) * 60 + Number(match[2]);
}
