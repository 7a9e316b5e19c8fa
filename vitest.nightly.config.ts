import {defineConfig} from 'vitest/config';

/** What takes too long for every push: `npm run test:nightly`. */
export default defineConfig({
  test: {
    include: [
      'test/nightly/**/*.test.ts',
      'test/csv/{round-trip,write-rows,detect-encoding}.test.ts',
      'test/packaging/install.test.ts',
    ],
    globalSetup: ['test/helpers/documents/compile-schemas.ts'],
    // Thirty times as many made-up files as on every push: 9,000 of each kind.
    env: {BULK42_TEST_SCALE: '30'},
    testTimeout: 60 * 60_000,
    hookTimeout: 60_000,
  },
});
