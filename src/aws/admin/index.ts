import type { ResourceAdmin, StackAdmin } from '../../shop/stack/admin.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Clients } from '../clients.ts';

/** Everything that makes, changes and removes the resources of one stack; each kind is loaded at its first use. */
export function createAdmin(clients: Clients, names: StackNames): StackAdmin {
  return {
    kinds: {
      topic: lazy(async () => (await import('./topics.ts')).createTopicAdmin(clients, names)),
      queue: lazy(async () => (await import('./queues.ts')).createQueueAdmin(clients, names)),
      subscription: lazy(async () => (await import('./subscriptions.ts')).createSubscriptionAdmin(clients, names)),
      table: lazy(async () => (await import('./tables.ts')).createTableAdmin(clients, names)),
      bucket: lazy(async () => (await import('./buckets.ts')).createBucketAdmin(clients, names)),
      log_group: lazy(async () => (await import('./log-groups.ts')).createLogGroupAdmin(clients, names)),
    },
    clearLogs: async (streams) => (await import('./log-groups.ts')).clearLogStreams(clients, names, streams),
  };
}

function lazy(load: () => Promise<ResourceAdmin>): ResourceAdmin {
  let loaded: Promise<ResourceAdmin> | undefined;
  const admin = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    observe: async (wanted) => (await admin()).observe(wanted),
    create: async (resource) => (await admin()).create(resource),
    update: async (resource, changes) => (await admin()).update(resource, changes),
    remove: async (resource) => (await admin()).remove(resource),
  };
}
