import {realpath} from 'node:fs/promises';
import type {Clock} from '../clock.ts';
import {acquireLock, isLocked, type Lock} from '../files/lock.ts';
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
    name: await nameOf(path),
    folder,
    clock,
    waitMs,
    busy: `another process is at work on run ${id}`,
  });
}

/** Whether a process is at work on the run. */
export async function isRunLocked({path}: RunDirectory, folder: string): Promise<boolean> {
  return isLocked({name: await nameOf(path), folder});
}

async function nameOf(path: string): Promise<string> {
  return `journal ${await realpath(path)}`;
}
