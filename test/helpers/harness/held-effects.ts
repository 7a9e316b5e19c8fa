import type {ChildProcess} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {constants} from 'node:os';
import type {SandboxOptions} from '../../../src/sandbox/server.ts';
import type {LedgerEntry} from '../../../src/sandbox/ledger.ts';

export interface HeldEffects {
  /** Makes every late effect of a sandbox wait until it is let go. */
  options: Pick<SandboxOptions, 'after'>;
  readonly waiting: number;
  release: () => void;
  /** Lets go what waits and whatever else comes, until it is held again. */
  open: () => void;
  hold: () => void;
}

/** A server that works on what it received for just as long as the test wants. */
export function holdEffects(): HeldEffects {
  const held = new Set<() => void>();
  let isOpen = false;
  const release = () => {
    for (const run of held) run();
    held.clear();
  };
  return {
    options: {
      after: (_ms, run) => {
        if (isOpen) setImmediate(run);
        else held.add(run);
        return () => held.delete(run);
      },
    },
    get waiting() {
      return held.size;
    },
    release,
    open() {
      isOpen = true;
      release();
    },
    hold() {
      isOpen = false;
    },
  };
}

export function arrivedWrites(ledger: readonly LedgerEntry[]): number {
  return ledger.filter(({method, path}) => method !== 'GET' && !path.startsWith('/oauth/')).length;
}

/**
 * Whether a process has begun to handle signals, which it does just before it asks for the lock. Linux shows it, by
 * SIGHUP: Node itself catches the others from its start on.
 */
export function handlesSignals({pid = 0}: ChildProcess): boolean {
  if (process.platform !== 'linux') return true;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGHUP - 1))) !== 0n;
}
