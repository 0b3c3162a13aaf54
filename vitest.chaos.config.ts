import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/**
 * The long proof: storms by the thousand, crashes at every await, real processes that are killed, experiments on consumers.
 * CLIFFRACER_CHAOS_SEEDS says how many storms (2,000 unless told).
 */
export default defineConfig({
  test: {
    ...ordinary.test,
    include: [
      'test/shop/storms/**/*.{test,storm}.ts',
      'test/shop/runtime/{audit-memory,crash,protections,properties,scale}.test.ts',
      'test/commands/{chaos,check}.test.ts',
    ],
    exclude: configDefaults.exclude,
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
