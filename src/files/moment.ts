import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import type {Clock} from '../clock.ts';

/** A moment that another process can compare with its own. */
export interface Moment {
  /** Milliseconds since 1970, UTC: the clock can be set. */
  wall: number;
  /** Names the machine's boot, 8 hex digits; '' where it is unknown. */
  boot: string;
  /** Milliseconds since that boot, as all its processes count them. */
  up: number;
}

export function currentMoment(clock: Pick<Clock, 'wall'>): Moment {
  return {wall: clock.wall(), boot: bootOf(), up: Number(process.hrtime.bigint() / 1_000_000n)};
}

/** Milliseconds that have certainly passed: within one boot setting the clock makes them fewer, never more. */
export function elapsedSince(since: Moment, now: Moment): number {
  const byWall = now.wall - since.wall;
  const isSameBoot = since.boot === now.boot && now.boot !== '';
  return Math.max(0, isSameBoot ? Math.min(byWall, now.up - since.up) : byWall);
}

function bootOf(): string {
  try {
    return hash('sha256', readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()).slice(0, 8);
  } catch {
    return '';
  }
}
