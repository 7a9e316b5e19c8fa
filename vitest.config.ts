import {defineConfig} from 'vitest/config';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/** A minute and more each: begun last, they would keep one processor busy and the other idle. */
const long =
  /\/(?:disk|kill-updates|install|kill-random|every-job|kill-creations|hours|page-in-browser|ui-in-browser|doctor|resolve|promise-open-work|shared-second|lease)\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({moduleId}: TestSpecification) => (long.test(moduleId) ? 0 : 1);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/documents/compile-schemas.ts'],
    exclude: ['test/nightly/**', 'test/bench/**'],
    // Most tests wait for a child process; more workers than processors keep both busy.
    maxWorkers: 4,
    sequence: {sequencer: LongFirst},
    // Far more than the longest test takes, so that a slow machine fails none.
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
