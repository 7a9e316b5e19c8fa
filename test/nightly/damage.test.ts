import {it} from 'vitest';
import {expectFlipsNoticed} from '../journal/expect-flips-noticed.ts';

it('a journal with any bit flipped is refused, or loses nothing but its last flush', async () => {
  await expectFlipsNoticed(() => [0, 1, 2, 3, 4, 5, 6, 7]);
});
