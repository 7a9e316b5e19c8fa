import {describe, expect, it} from 'vitest';
import {failEach} from '../helpers/harness/failing-disk.ts';

/** What a run writes, besides its journal. */
const files = ['report', 'retry', 'summary', 'fingerprints'];
const each = (...operations: string[]) =>
  operations.flatMap((name) => files.map((file) => `${name}:${file}`));

describe('a disk that fails at the n-th operation of a run, for every n', () => {
  const promise = 'ends it with 74 or not at all, sends nothing unannounced, and is resumed';

  // The nightly tests try each of them with both.
  it(`by an error in turn of two kinds: ${promise}`, async () => {
    const failed = await failEach('io', (n) => (n % 2 === 0 ? 'EIO' : 'ENOSPC'));
    const ofJournal = ['open:journal', 'write:intent', 'datasync:intent', 'write:done', 'datasync:complete'];
    expect([...failed]).toEqual(
      expect.arrayContaining([...ofJournal, 'rename:report', ...each('open', 'write', 'sync')]),
    );
  });

  it(`by a write that is short or full in turn: ${promise}`, async () => {
    const failed = await failEach('write', (n) => (n % 2 === 0 ? 'short' : 'full'));
    const ofJournal = ['write:header', 'write:intent', 'write:done', 'write:complete'];
    expect([...failed]).toEqual(expect.arrayContaining([...ofJournal, ...each('write')]));
  });
});
