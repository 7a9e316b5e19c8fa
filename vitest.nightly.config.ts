import {defineConfig} from 'vitest/config';

/** What takes too long for every push: `npm run test:nightly`. */
export default defineConfig({
  test: {
    include: ['test/nightly/**/*.test.ts'],
    testTimeout: 60 * 60_000,
    hookTimeout: 60_000,
  },
});
