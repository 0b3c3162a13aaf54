import type { ServiceDefinition } from './core/types.ts';
import { sts } from './sts/index.ts';

/** Every service of the engine. */
export const allServices: readonly ServiceDefinition[] = [sts];
