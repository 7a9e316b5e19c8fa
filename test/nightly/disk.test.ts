import {expect, it} from 'vitest';
import {failNth} from '../helpers/harness/failing-disk.ts';

it.each(['EIO', 'ENOSPC', 'short', 'full'] as const)(
  'whichever operation fails by %s, to the last: 74 or nothing at all, and the run can be resumed',
  async (act) => {
    let n = 1;
    while ((await failNth(n, act)) !== undefined) n++;
    expect(n).toBeGreaterThan(40);
  },
);
