import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/**
 * The ordinary tests, those with processes and the storms, which must go through so much of the source. What the tests start
 * as a program of its own is not seen, and counts as not gone through.
 */
export default defineConfig({
  test: {
    ...ordinary.test,
    exclude: [...configDefaults.exclude, 'test/engines-real/**', 'test/browser/**'],
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: [
        // Runs in a browser, where its tests are (npm run test:browser).
        'src/console/page/**',
        // Run in processes of their own and nowhere else: the engine, a function's host, a preload of other programs.
        ...['src/engines/embedded/process.ts', 'src/lab/lambda/node-runtime.ts', 'src/lab/intercept/node-preload.ts'],
      ],
      reporter: ['text-summary'],
      thresholds: { lines: 96, branches: 88 },
    },
  },
});
