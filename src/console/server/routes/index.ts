import { type ConsoleDeps, type Routes, reads } from '../deps.ts';
import { bucketRoutes } from './buckets.ts';
import { checkRoutes } from './check.ts';
import { controlRoutes } from './controls.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { feedRoutes } from './feed.ts';
import { flowRoutes } from './flow.ts';
import { logRoutes } from './logs.ts';
import { metricRoutes } from './metrics.ts';
import { queueRoutes } from './queues.ts';
import { tableRoutes } from './tables.ts';

/** What the page may ask. `ends` aborts with the server. */
export const routesOf = (deps: ConsoleDeps, ends: AbortSignal): Routes => ({
  about: reads(() => deps.about),
  ...feedRoutes(deps),
  ...flowRoutes(deps),
  ...queueRoutes(deps),
  ...deadLetterRoutes(deps),
  ...tableRoutes(deps),
  ...bucketRoutes(deps),
  ...metricRoutes(deps),
  ...logRoutes(deps),
  ...controlRoutes(deps),
  ...checkRoutes(deps, ends),
});
