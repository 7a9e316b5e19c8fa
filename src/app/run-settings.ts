import {defaultFailureLimit, type FailureLimit} from '../send/failure-limit.ts';
import type {SharingArguments} from './sharing.ts';

/** What the commands that send rows have in common. */
export interface RunArguments extends SharingArguments {
  perSecond?: number | undefined;
  perHour?: number | undefined;
  concurrency?: number | undefined;
  /** Seconds, as the next two. */
  timeout: number;
  settle: number;
  waitLock: number;
  maxFailures?: FailureLimit | undefined;
  maxChanges?: {rows: number} | {percent: number} | undefined;
  maxRequests?: number | undefined;
  /** Local time of day, in minutes since midnight. */
  until?: number | undefined;
  yes: boolean;
  out: string;
  sandbox?: boolean;
  notify?: string | undefined;
  notifyOn?: 'failure' | 'always';
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  noProgress: boolean;
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

export function runSettings(args: RunArguments): RunSettings {
  return {
    perSecond: args.perSecond,
    perHour: args.perHour,
    concurrency: args.concurrency,
    timeoutMs: args.timeout * 1000,
    settleMs: args.settle * 1000,
    failureLimit: args.maxFailures ?? defaultFailureLimit,
    maxChanges: args.maxChanges,
    maxRequests: args.maxRequests,
    until: args.until,
    waitLockMs: args.waitLock * 1000,
  };
}
