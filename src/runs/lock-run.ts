import {realpath} from 'node:fs/promises';
import type {Clock} from '../clock.ts';
import {acquireLock, type Lock} from '../files/lock.ts';
import type {RunDirectory} from './run-directory.ts';

/**
 * One process at a time adds to a run's journal, whichever application it sends as.
 *
 * @throws LockedError while another one does.
 */
export async function lockRun(
  {id, path}: RunDirectory,
  folder: string,
  clock: Clock,
  waitMs = 0,
): Promise<Lock> {
  return acquireLock({
    name: `journal ${await realpath(path)}`,
    folder,
    clock,
    waitMs,
    busy: `another process is at work on run ${id}`,
  });
}
