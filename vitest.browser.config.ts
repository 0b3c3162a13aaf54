import { defineConfig } from 'vitest/config';

/** Tests in a real browser: Chromium as CLIFFRACER_CHROMIUM names it, or as Debian's package `chromium` installs it. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'threads',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
