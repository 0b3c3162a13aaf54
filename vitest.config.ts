import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These start processes, real engines, a browser, storms or experiments, or type whole pages, and have commands of their own:
    // npm run test:processes, test:engines-life, test:browser, test:chaos, test:docs.
    exclude: [
      ...configDefaults.exclude,
      ...['test/binary/**', 'test/engines/**', 'test/engines-real/**', 'test/browser/**', 'test/shop/storms/**'],
      ...['test/commands/chaos.test.ts', 'test/commands/check.test.ts', 'test/docs/pages.test.ts'],
      'test/shop/runtime/{audit-memory,crash,protections,properties,scale}.test.ts',
    ],
    // Worker threads start faster than processes on two cores, and a thread that runs file after file loads the AWS SDK
    // once and keeps its code compiled: a third less time than one thread a file. What a test changes it puts back.
    pool: 'threads',
    isolate: false,
    // Vitest leaves one core free; here much of the time is spent waiting for processes of the tests.
    maxWorkers: '100%',
    sequence: { shuffle: true },
    // Only a test that hangs may end by the clock, on however busy a machine.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    // As bin/ does for the program: the SDK's notice is not about us. A spinner asks the real environment whether there is a
    // terminal; those of tests keep what is written, and have no cursor.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', TERM: 'dumb' },
  },
});
