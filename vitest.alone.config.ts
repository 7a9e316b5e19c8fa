import {defineConfig} from 'vitest/config';

/** Tests that look at when requests arrive: nothing else may keep the machine busy. */
export default defineConfig({
  test: {include: ['test/alone/**/*.test.ts'], testTimeout: 180_000, fileParallelism: false},
});
