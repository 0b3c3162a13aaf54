import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** Pages with the blocks that need the AWS CLI or curl, or more than a few seconds. */
export default defineConfig({
  test: {
    ...ordinary.test,
    include: ['test/docs/pages.test.ts'],
    exclude: configDefaults.exclude,
    env: { ...ordinary.test?.env, CLIFFRACER_DOCS: 'all' },
  },
});
