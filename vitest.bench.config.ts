import {defineConfig} from 'vitest/config';

/** Measurements, never part of the tests: `npm run bench`. */
export default defineConfig({
  test: {include: ['test/bench/**/*.bench.ts'], testTimeout: 10 * 60_000, fileParallelism: false},
});
