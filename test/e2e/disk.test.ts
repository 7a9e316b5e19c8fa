import {describe, expect, it} from 'vitest';
import {failNth} from '../helpers/harness/failing-disk.ts';

/** Each operation fails in one of these ways; the nightly tests try all of them with each. */
const ways = ['EIO', 'ENOSPC', 'short', 'full'] as const;

describe('a disk that fails at the n-th operation of a run', () => {
  it.each(ways)(
    'by %s: ends it with 74 or not at all, sends nothing unannounced, and is resumed',
    async (act) => {
      const failed: string[] = [];
      for (let n = 1 + ways.indexOf(act); n <= 40; n += ways.length)
        failed.push((await failNth(n, act)) ?? 'nothing');
      expect(failed.join()).toMatch(/journal/);
      expect(failed.join()).toMatch(/report|retry|summary/);
    },
  );
});
