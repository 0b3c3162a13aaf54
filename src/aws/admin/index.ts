import type { StackAdmin } from '../../shop/stack/admin.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Admin, ResourceAdmin } from '../../topology/admin.ts';
import type { Clients } from '../clients.ts';

/** What looks at and changes resources that carry the tag of `stack`; each kind is loaded at its first use. */
export function createAdmin(clients: Clients, stack: string): Admin {
  return {
    kinds: {
      topic: lazy(async () => (await import('./topics.ts')).createTopicAdmin(clients, stack)),
      queue: lazy(async () => (await import('./queues.ts')).createQueueAdmin(clients, stack)),
      subscription: lazy(async () => (await import('./subscriptions.ts')).createSubscriptionAdmin(clients)),
      table: lazy(async () => (await import('./tables.ts')).createTableAdmin(clients, stack)),
      bucket: lazy(async () => (await import('./buckets.ts')).createBucketAdmin(clients, stack)),
      log_group: lazy(async () => (await import('./log-groups.ts')).createLogGroupAdmin(clients, stack)),
      alarm: lazy(async () => (await import('./alarms.ts')).createAlarmAdmin(clients, stack)),
    },
  };
}

/** The same for the shop. */
export function createStackAdmin(clients: Clients, names: StackNames): StackAdmin {
  return {
    ...createAdmin(clients, names.stack),
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
