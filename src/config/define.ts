import type { Config } from './types.ts';

export type * from './types.ts';

/** A project's configuration, checked by the editor: `export default defineConfig({ ... })` in cliffracer.config.ts. */
export const defineConfig = (config: Config): Config => config;
