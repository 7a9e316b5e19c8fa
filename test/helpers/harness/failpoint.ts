import {fileURLToPath} from 'node:url';

/** One moment at which the program dies, is signalled, or its disk fails. failpoints.mjs lists the moments' names. */
export interface Failpoint {
  at: string;
  /** Network moments have no before and after. */
  when?: 'before' | 'after';
  /** The n-th such moment, from 1. */
  nth?: number;
  /** Count only from the end of this moment on. */
  from?: string;
  /**
   * kill (default); torn: write half of the record, then kill; EIO, ENOSPC: this operation fails; short: a write
   * takes half of its bytes; full: that, and from then on nothing can be written; or a signal's name. list: nothing
   * happens, each such moment is written to `record`.
   */
  act?:
    | 'list'
    | 'kill'
    | 'torn'
    | 'EIO'
    | 'ENOSPC'
    | 'short'
    | 'full'
    | 'SIGINT'
    | 'SIGTERM'
    | 'SIGHUP'
    | 'SIGSTOP';
  /** So much later, for a moment between two named ones. */
  afterMs?: number;
  /** A file that gets each failed (or listed) operation, with the length of the journal that was on the disk for certain. */
  record?: string;
}

export interface FailureNote {
  names: string[];
  flushed: number;
}

const preload = fileURLToPath(new URL('failpoints.mjs', import.meta.url));

/** What the child process is started with. */
export function withFailpoint(failpoint: Failpoint): {node: string[]; env: Record<string, string>} {
  return {node: ['--import', preload], env: {FAILPOINT: JSON.stringify(failpoint)}};
}
