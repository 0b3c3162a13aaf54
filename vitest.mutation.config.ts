import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import ordinary from './vitest.config.ts';

/** What scripts/mutation.mjs runs: one file of the source is another than on the disk. */
const { file, text } = JSON.parse(process.env.MUTANT ?? '{"file":"","text":""}') as { file: string; text: string };

export default defineConfig({
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      load: (id) => (file !== '' && id.split('?')[0] === resolve(file) ? text : undefined),
    },
  ],
  test: {
    ...ordinary.test,
    // Left out: what starts the program as it was built, in which nothing is changed, and what loads the AWS SDK for each mutant.
    exclude: [...configDefaults.exclude, 'test/emulator/persistence/kill.test.ts', '**/*-on-engine.test.ts'],
    bail: 1,
    reporters: ['dot'],
    sequence: { shuffle: false },
  },
});
