import type { BucketPort, LogsPort, MetricsPort, Ports, QueuePort, TablePort, TopicPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import type { AwsCalls } from './call.ts';

/** The ports of one stack. Each adapter is loaded when one of its methods is first called. */
export function createPorts(calls: AwsCalls, names: StackNames): Ports {
  const checked = once(async () => (await import('./ownership.ts')).checkOwner(calls, names));
  const guarded = async <T>(load: Load<T>): Promise<T> => {
    if (calls.target.kind === 'aws') await checked();
    return load();
  };
  return {
    queues: queuePort(() => guarded(async () => (await import('./queues.ts')).createQueues(calls, names))),
    topic: topicPort(() => guarded(async () => (await import('./topic.ts')).createTopic(calls, names))),
    tables: tablePort(() => guarded(async () => (await import('./tables.ts')).createTables(calls, names))),
    bucket: bucketPort(() => guarded(async () => (await import('./bucket.ts')).createBucket(calls, names))),
    metrics: metricsPort(() => guarded(async () => (await import('./metrics.ts')).createMetrics(calls, names))),
    logs: logsPort(() => guarded(async () => (await import('./logs.ts')).createLogs(calls, names))),
  };
}

/** Queues of the account and region by their own names, whoever made them. */
export const createAnyQueues = (calls: AwsCalls): QueuePort =>
  queuePort(async () => (await import('./queues.ts')).createQueues(calls, { queue: (name) => name }));

type Load<T> = () => Promise<T>;

function queuePort(load: Load<QueuePort>): QueuePort {
  const port = once(load);
  return {
    receive: async (...args) => (await port()).receive(...args),
    delete: async (...args) => (await port()).delete(...args),
    changeVisibility: async (...args) => (await port()).changeVisibility(...args),
    send: async (...args) => (await port()).send(...args),
    depth: async (...args) => (await port()).depth(...args),
    purge: async (...args) => (await port()).purge(...args),
    startMove: async (...args) => (await port()).startMove(...args),
    moveProgress: async (...args) => (await port()).moveProgress(...args),
    cancelMove: async (...args) => (await port()).cancelMove(...args),
  };
}

function topicPort(load: Load<TopicPort>): TopicPort {
  const port = once(load);
  return { publish: async (...args) => (await port()).publish(...args) };
}

function tablePort(load: Load<TablePort>): TablePort {
  const port = once(load);
  return {
    get: async (...args) => (await port()).get(...args),
    getMany: async (...args) => (await port()).getMany(...args),
    write: async (...args) => (await port()).write(...args),
    putMany: async (...args) => (await port()).putMany(...args),
    deleteMany: async (...args) => (await port()).deleteMany(...args),
    scan: (...args) => later(async () => (await port()).scan(...args)),
    query: (...args) => later(async () => (await port()).query(...args)),
  };
}

function bucketPort(load: Load<BucketPort>): BucketPort {
  const port = once(load);
  return {
    put: async (...args) => (await port()).put(...args),
    get: async (...args) => (await port()).get(...args),
    list: (...args) => later(async () => (await port()).list(...args)),
    deleteMany: async (...args) => (await port()).deleteMany(...args),
  };
}

function metricsPort(load: Load<MetricsPort>): MetricsPort {
  const port = once(load);
  return {
    put: async (...args) => (await port()).put(...args),
    statistics: async (...args) => (await port()).statistics(...args),
    list: async (...args) => (await port()).list(...args),
  };
}

function logsPort(load: Load<LogsPort>): LogsPort {
  const port = once(load);
  return {
    put: async (...args) => (await port()).put(...args),
    filter: (...args) => later(async () => (await port()).filter(...args)),
  };
}

function once<T>(load: Load<T>): Load<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

async function* later<T>(make: () => Promise<AsyncIterable<T>>): AsyncIterable<T> {
  yield* await make();
}
