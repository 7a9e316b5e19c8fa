import {expect, it} from 'vitest';
import {failEach} from '../helpers/harness/failing-disk.ts';

it.each(['EIO', 'ENOSPC', 'short', 'full'] as const)(
  'whichever operation fails by %s, to the last: 74 or nothing at all, and the run can be resumed',
  async (act) => {
    const failed = await failEach('io', () => act);
    expect(failed).toContain('write:intent');
    expect(failed).toContain('sync:fingerprints');
  },
);
