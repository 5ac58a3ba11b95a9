import { defineConfig } from 'vitest/config';

/** Two projects: `unit` needs nothing but Node; `e2e` needs a Linux kernel with Landlock and says what it skips. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'core/*/test/**/*.test.ts',
            'runtime-plane/egress/test/**/*.test.ts',
            'runtime-plane/endpoint/test/**/*.test.ts',
            'runtime-plane/pdp/test/**/*.test.ts',
            'runtime-plane/pep/test/**/*.test.ts',
            'cli/test/**/*.test.ts',
            'test/unit/**/*.test.ts',
          ],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/escape/**/*.test.ts'],
          pool: 'forks',
          // The suites start real sessions and measure them: two at once would disturb each other.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
