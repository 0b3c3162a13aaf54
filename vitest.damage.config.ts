import { defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/**
 * Damages data directories by the hundred. CLIFFRACER_DAMAGES says how many (1,000 unless told), CLIFFRACER_DAMAGE_SEED
 * which ones (1).
 */
export default defineConfig({
  test: {
    ...ordinary.test,
    include: ['test/damage/**/*.damage.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
