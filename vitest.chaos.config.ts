import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/**
 * The long proof: storms by the thousand, crashes at every await, real processes that are killed. CLIFFRACER_CHAOS_SEEDS
 * says how many storms (2,000 unless told).
 */
export default defineConfig({
  test: {
    ...ordinary.test,
    include: ['test/shop/storms/**/*.{test,storm}.ts', 'test/commands/chaos.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
