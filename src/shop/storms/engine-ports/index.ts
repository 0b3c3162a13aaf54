import type { BucketPort, LogsPort, MetricsPort, Ports, TopicPort } from '../../../ports.ts';
import { type Addresses, batches, type EngineCall, isEngineError, translating } from './call.ts';
import { attributesFor, engineQueues, failuresOf } from './queues.ts';
import { engineTables } from './tables.ts';

/**
 * The shop's ports over the engine's own operations, without SDK and wire in between: the same operations with the same
 * inputs, some ten times as fast. Only the shop's own messages, items and objects are meant, not every case of AWS's.
 */
export function enginePorts(engine: EngineCall, addresses: Addresses): Ports {
  const call = translating(engine);
  return {
    queues: engineQueues(call, addresses),
    topic: topic(call, addresses),
    tables: engineTables(call, addresses),
    bucket: bucket(call, addresses),
    metrics: metrics(call, addresses),
    logs: logs(call, addresses),
  };
}

function topic(call: EngineCall, { topicArn: TopicArn }: Addresses): TopicPort {
  return {
    async publish(events) {
      const entries = events.map(({ body, attributes }, index) => ({
        Id: String(index),
        Message: body,
        MessageAttributes: attributesFor({ attributes }),
      }));
      const failures = [];
      for (const PublishBatchRequestEntries of batches(entries, 10)) {
        failures.push(...failuresOf(await call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries })));
      }
      return failures;
    },
  };
}

function bucket(call: EngineCall, { bucket: Bucket }: Addresses): BucketPort {
  return {
    async put(Key, body, { contentType, metadata }) {
      const Body = Buffer.from(body);
      const content = { Body, ContentType: contentType, ContentLength: Body.length };
      await call('s3', 'PutObject', { Bucket, Key, ...content, ...(metadata && { Metadata: metadata }) });
    },
    async get(Key) {
      try {
        type Answer = { Body?: Uint8Array; Metadata?: Record<string, string> | Map<string, string> };
        const { Body = '', Metadata = {} } = await call<Answer>('s3', 'GetObject', { Bucket, Key });
        const metadata = Metadata instanceof Map ? Object.fromEntries(Metadata) : { ...Metadata };
        return { body: Buffer.from(Body).toString(), metadata };
      } catch (error) {
        if (error instanceof Error && isEngineError(error.cause) && error.cause.code === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async *list(Prefix) {
      let token: string | undefined;
      do {
        type Answer = {
          Contents?: { Key: string; Size: number; LastModified: number }[];
          NextContinuationToken?: string;
        };
        const more = token !== undefined && { ContinuationToken: token };
        const page: Answer = await call('s3', 'ListObjectsV2', { Bucket, Prefix, ...more });
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          yield { key: Key, size: Size, modifiedAt: LastModified * 1000 };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async deleteMany(keys) {
      for (const batch of batches(keys, 1000)) {
        const Objects = batch.map((Key) => ({ Key }));
        await call('s3', 'DeleteObjects', { Bucket, Delete: { Objects, Quiet: true } });
      }
    },
  };
}

function metrics(call: EngineCall, { namespace: Namespace }: Addresses): MetricsPort {
  return {
    async put(measurements) {
      if (measurements.length === 0) return;
      const MetricData = measurements.map(({ name, value, unit, dimensions, at }) => ({
        MetricName: name,
        Value: value,
        Unit: unit,
        Timestamp: at / 1000,
        ...(dimensions && { Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) }),
      }));
      await call('cloudwatch', 'PutMetricData', { Namespace, MetricData });
    },
    // Nothing decides by metrics, so a storm never reads them.
    statistics: async () => [],
    list: async () => [],
  };
}

function logs(call: EngineCall, { logGroup: logGroupName }: Addresses): LogsPort {
  return {
    async put(logStreamName, entries) {
      if (entries.length === 0) return;
      const logEvents = [...entries]
        .sort((one, other) => one.at - other.at)
        .map(({ at, message }) => ({ timestamp: at, message }));
      await call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents });
    },
    async *filter({ since, until, streams, pattern }) {
      let nextToken: string | undefined;
      do {
        type Entry = { timestamp: number; message: string; logStreamName: string; eventId: string };
        const page: { events?: Entry[]; nextToken?: string } = await call('logs', 'FilterLogEvents', {
          logGroupName,
          ...(streams && { logStreamNames: [...streams] }),
          ...(since !== undefined && { startTime: Math.max(0, Math.floor(since)) }),
          ...(until !== undefined && { endTime: Math.floor(until) }),
          ...(pattern && { filterPattern: pattern }),
          ...(nextToken !== undefined && { nextToken }),
        });
        for (const { timestamp, message, logStreamName, eventId } of page.events ?? []) {
          yield { at: timestamp, message, stream: logStreamName, id: eventId };
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    },
  };
}
