import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each file is independent; worker threads start faster than processes on two cores.
    pool: 'threads',
    sequence: { shuffle: true },
    testTimeout: 20_000,
  },
});
