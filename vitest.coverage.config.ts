import { defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** The ordinary tests, which must go through so much of the source. What only child processes run is not counted. */
export default defineConfig({
  test: {
    ...ordinary.test,
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 96, branches: 89 },
    },
  },
});
