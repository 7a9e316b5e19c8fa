import {setTimeout as sleep} from 'node:timers/promises';

/** Waits for something that another process is about to do, however slow the machine is. */
export async function until(
  hasHappened: () => boolean,
  what = 'it happened',
  limitMs = 60_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!hasHappened()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await sleep(5);
  }
}
