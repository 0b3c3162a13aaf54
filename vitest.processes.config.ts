import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** The program as it is built, in terminals and pipes, and the engines that it starts as processes. */
export default defineConfig({
  test: {
    ...ordinary.test,
    include: ['test/binary/**/*.test.ts', 'test/engines/**/*.test.ts'],
    exclude: configDefaults.exclude,
  },
});
