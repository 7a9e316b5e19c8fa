import {setTimeout as sleep} from 'node:timers/promises';
import type {SandboxOptions} from '../../../src/sandbox/server.ts';
import type {LedgerEntry} from '../../../src/sandbox/ledger.ts';

export interface HeldEffects {
  /** Makes every late effect of a sandbox wait until it is let go. */
  options: Pick<SandboxOptions, 'after'>;
  readonly waiting: number;
  release: () => void;
}

/** A server that works on what it received for just as long as the test wants. */
export function holdEffects(): HeldEffects {
  const held = new Set<() => void>();
  return {
    options: {
      after: (_ms, run) => {
        held.add(run);
        return () => held.delete(run);
      },
    },
    get waiting() {
      return held.size;
    },
    release() {
      for (const run of held) run();
      held.clear();
    },
  };
}

/** Waits for something that another process is about to do. */
export async function until(what: () => boolean, describe: string, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!what()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${describe}`);
    await sleep(5);
  }
}

export function arrivedWrites(ledger: readonly LedgerEntry[]): number {
  return ledger.filter(({method, path}) => method !== 'GET' && !path.startsWith('/oauth/')).length;
}
