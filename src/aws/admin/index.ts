import type { StackAdmin } from '../../shop/stack/admin.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Admin, ResourceAdmin } from '../../topology/admin.ts';
import type { AwsCalls } from '../call.ts';

/** What looks at and changes resources that carry the tag of `stack`; each kind is loaded at its first use. */
export function createAdmin(calls: AwsCalls, stack: string): Admin {
  return {
    kinds: {
      topic: lazy(async () => (await import('./topics.ts')).createTopicAdmin(calls, stack)),
      queue: lazy(async () => (await import('./queues.ts')).createQueueAdmin(calls, stack)),
      subscription: lazy(async () => (await import('./subscriptions.ts')).createSubscriptionAdmin(calls)),
      table: lazy(async () => (await import('./tables.ts')).createTableAdmin(calls, stack)),
      bucket: lazy(async () => (await import('./buckets.ts')).createBucketAdmin(calls, stack)),
      log_group: lazy(async () => (await import('./log-groups.ts')).createLogGroupAdmin(calls, stack)),
      alarm: lazy(async () => (await import('./alarms.ts')).createAlarmAdmin(calls, stack)),
    },
  };
}

/** The same for the shop. */
export function createStackAdmin(calls: AwsCalls, names: StackNames): StackAdmin {
  return {
    ...createAdmin(calls, names.stack),
    clearLogs: async (streams) => (await import('./log-groups.ts')).clearLogStreams(calls, names, streams),
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
