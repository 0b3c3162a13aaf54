import type { CloudWatchState } from '../cloudwatch/state.ts';
import type { ServiceId } from '../core/types.ts';
import { walkStored } from '../dynamodb/packed-item.ts';
import type { DynamoState, Table } from '../dynamodb/state.ts';
import type { LogGroup, LogsState } from '../logs/state.ts';
import { fromByteKey } from '../s3/listing/byte-order.ts';
import type { S3State } from '../s3/state.ts';
import type { SnsState } from '../sns/state.ts';
import { messagesOf } from '../sqs/queue.ts';
import type { Queue, SqsState } from '../sqs/state.ts';

/**
 * A service's state as its users know it: resources by name and what they hold by key, without the heaps, trees and
 * counters that keep it fast. Comparing two states means comparing these.
 */
export function worldOf(service: ServiceId, state: unknown): unknown {
  const view = VIEWS[service];
  return view === undefined ? state : view(state as never);
}

const VIEWS: Partial<Record<ServiceId, (state: never) => unknown>> = {
  sqs: sqsWorld,
  sns: snsWorld,
  dynamodb: dynamoWorld,
  s3: s3World,
  logs: logsWorld,
  cloudwatch: cloudWatchWorld,
};

const mapped = <T, U>(map: ReadonlyMap<string, T>, view: (value: T, key: string) => U): Map<string, U> =>
  new Map([...map].map(([key, value]) => [key, view(value, key)]));

function sqsWorld({ queues, moveTasks }: SqsState) {
  return { queues: mapped(queues, queueWorld), moveTasks };
}

function queueWorld(queue: Queue) {
  const { attributes, tags, hold } = queue;
  const entries = [...messagesOf(queue)].map(({ content, state }) => [
    content.id,
    { state, receiveCount: content.receiveCount, body: content.body, attributes: content.attributes },
  ]);
  return { attributes, tags, held: hold && { where: hold.where }, messages: new Map(entries as [string, unknown][]) };
}

function snsWorld({ topics, subscriptions }: SnsState) {
  return {
    topics: mapped(topics, ({ attributes, tags }) => ({ attributes, tags })),
    subscriptions: mapped(
      subscriptions,
      ({ protocol, endpoint, pending, raw, filterPolicy, filterScope, redrivePolicy }) => {
        return { protocol, endpoint, pending, raw, filterPolicy, filterScope, redrivePolicy };
      },
    ),
  };
}

function dynamoWorld({ tables }: DynamoState) {
  return { tables: mapped(tables, tableWorld) };
}

function tableWorld(table: Table) {
  const items = new Map<string, unknown>();
  walkStored(table.items, { low: undefined, high: undefined }, false, (_key, { item }) => {
    const names = [table.key.partition, table.key.sort].flatMap((attribute) => attribute?.name ?? []);
    items.set(names.map((name) => keyText(item[name])).join(' '), item);
    return true;
  });
  const { key, definitions, billing, throughput, tags, timeToLive, deletionProtection } = table;
  const indexes = new Map(table.indexes.map((index) => [index.name, { key: index.key, projection: index.projection }]));
  return {
    key,
    definitions,
    billing,
    throughput,
    tags,
    deletionProtection,
    indexes,
    timeToLive: timeToLive?.attribute,
    items,
  };
}

function keyText(value: { S?: string; N?: string; B?: Uint8Array } | undefined): string {
  return value?.S ?? value?.N ?? Buffer.from(value?.B ?? []).toString('base64');
}

function s3World({ buckets }: S3State) {
  return {
    buckets: mapped(buckets, ({ account, region, tags, policy, encryption, notifications, objects, uploads }) => ({
      ...{ account, region, tags, policy, encryption },
      notifications: new Map((notifications ?? []).map(({ id, ...rule }) => [id, rule])),
      objects: new Map(
        [...objects].map(([key, { etag, body, headers, metadata }]) => {
          return [fromByteKey(key), { etag, size: body.length, headers, metadata }];
        }),
      ),
      uploads: mapped(uploads, ({ key, parts }) => ({ key: fromByteKey(key), parts: parts.size })),
    })),
  };
}

function logsWorld({ groups }: LogsState) {
  return { groups: mapped(groups, groupWorld) };
}

function groupWorld({ retentionInDays, tags, streams }: LogGroup) {
  return {
    retentionInDays,
    tags,
    streams: mapped(streams, ({ events }) => ({
      events: new Map(events.flat().map(({ timestamp, sequence, message }) => [`${timestamp}/${sequence}`, message])),
    })),
  };
}

function cloudWatchWorld({ metrics, alarms }: CloudWatchState) {
  return {
    metrics: mapped(metrics, ({ series }) => ({
      samples: [...series.values()].flat(2).reduce((total, bucket) => total + bucket.count, 0),
      sum: [...series.values()].flat(2).reduce((total, bucket) => total + bucket.sum, 0),
    })),
    alarms: mapped(alarms, ({ configuration, state, tags }) => ({ configuration, state, tags })),
  };
}
