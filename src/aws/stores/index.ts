import type { Stores } from '../../lab/stores/port.ts';
import type { Clients } from '../clients.ts';
import { createBucketStore } from './buckets.ts';
import { createLogStore } from './logs.ts';
import { createMetricStore } from './metrics.ts';
import { createTableStore } from './tables.ts';

export const createStores = (clients: Clients): Stores => ({
  tables: createTableStore(clients),
  buckets: createBucketStore(clients),
  metrics: createMetricStore(clients),
  logs: createLogStore(clients),
});
