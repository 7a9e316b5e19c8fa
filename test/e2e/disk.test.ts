import {describe, expect, it} from 'vitest';
import {failNth} from '../helpers/harness/failing-disk.ts';

/** Each operation fails in two ways, and its neighbours in the other two; the nightly tests try all of them with each. */
const ways = ['EIO', 'short', 'ENOSPC', 'full'] as const;

describe('a disk that fails at the n-th operation of a run', () => {
  it.each(ways)(
    'by %s: ends it with 74 or not at all, sends nothing unannounced, and is resumed',
    async (act) => {
      const failed: string[] = [];
      for (let n = 1 + (ways.indexOf(act) >> 1); n <= 40; n += 2) {
        failed.push((await failNth(n, act)) ?? 'nothing');
      }
      expect(failed.join()).toMatch(/journal/);
      expect(failed.join()).toMatch(/report|retry|summary/);
    },
  );
});
