import { defineConfig } from 'vitest/config';

/** Tests with real engines: slow, one after the other, and only with what scripts/ci/ has brought to the machine. */
export default defineConfig({
  test: {
    include: ['test/engines-real/**/*.test.ts'],
    pool: 'threads',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
