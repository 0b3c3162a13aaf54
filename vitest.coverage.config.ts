import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** The ordinary tests, those with processes and the storms, which must go through so much of the source. What only child processes run is not counted. */
export default defineConfig({
  test: {
    ...ordinary.test,
    exclude: [...configDefaults.exclude, 'test/engines-real/**', 'test/browser/**'],
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 96, branches: 89 },
    },
  },
});
