import {defineConfig} from 'vitest/config';

/** Measurements, one after the other and never part of the tests: `npm run bench`, `npm run bench -- start-up`. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    globalSetup: ['test/bench/bench-setup.ts', 'test/helpers/documents/compile-schemas.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
