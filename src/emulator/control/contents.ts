import { itemKey } from '../calls/item-key.ts';
import { jsonValue } from '../calls/texts.ts';
import type { CloudWatchState } from '../cloudwatch/state.ts';
import type { Engine } from '../core/engine.ts';
import type { ServiceId } from '../core/types.ts';
import { walkStored } from '../dynamodb/packed-item.ts';
import type { DynamoState, Table } from '../dynamodb/state.ts';
import type { LogsState } from '../logs/state.ts';
import { fromByteKey } from '../s3/listing/byte-order.ts';
import type { S3State, StoredObject } from '../s3/state.ts';
import { messagesOf } from '../sqs/queue.ts';
import type { Queue, SqsState } from '../sqs/state.ts';
import { type ControlRoutes, scopeOf } from './routing.ts';

/** A content up to here is told as text, so that it can be compared by its members; a larger one by its ETag alone. */
const LONGEST_TEXT = 256 * 1024;

/**
 * `/_cliffracer/contents`: what tables, buckets and queues of one account and region hold, whole; with `include`, metrics and
 * log groups too.
 */
export function contentRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const scope = scopeOf(query);
      engine.settle();
      const stateOf = <S>(service: ServiceId) => engine.stateOf(service, scope) as S;
      const { queues } = stateOf<SqsState>('sqs');
      const waiting = record([...queues].map(([name, queue]) => [name, waitingIn(queue)]));
      if (query.get('only') === 'queues') return { tables: {}, buckets: {}, queues: waiting };
      const include = (query.get('include') ?? '').split(',');
      const { tables } = stateOf<DynamoState>('dynamodb');
      const { buckets } = stateOf<S3State>('s3');
      const own = [...buckets].filter(([, { account }]) => account === scope.account);
      return {
        tables: record([...tables].map(([name, table]) => [name, itemsOf(table)])),
        buckets: record(own.map(([name, { objects }]) => [name, objectsOf(objects)])),
        queues: waiting,
        ...(include.includes('metrics') && { metrics: metricsOf(stateOf<CloudWatchState>('cloudwatch')) }),
        ...(include.includes('logs') && { logs: logsOf(stateOf<LogsState>('logs')) }),
      };
    },
  };
}

/** Names come from clients: `__proto__` is one like any other. */
function record<V>(entries: Iterable<readonly [string, V]>): Record<string, V> {
  const made: Record<string, V> = Object.create(null);
  for (const [name, value] of entries) made[name] = value;
  return made;
}

function itemsOf(table: Table): Record<string, unknown> {
  const { partition, sort } = table.key;
  const keys = [partition.name, ...(sort === undefined ? [] : [sort.name])];
  const items: [string, unknown][] = [];
  walkStored(table.items, { low: undefined, high: undefined }, false, (_key, { item }) => {
    items.push([itemKey(keys, item), jsonValue(item)]);
    return true;
  });
  return record(items);
}

const objectsOf = (objects: ReadonlyMap<string, StoredObject>) =>
  record(
    [...objects].map(([key, { etag, body, headers, metadata }]) => [
      fromByteKey(key),
      {
        ...{ etag, size: body.byteLength, text: textOf(body), content_type: headers.ContentType },
        metadata: record(metadata ?? []),
      },
    ]),
  );

function textOf(body: Uint8Array): string | null {
  if (body.byteLength > LONGEST_TEXT) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** Oldest first. */
const waitingIn = (queue: Queue) =>
  [...messagesOf(queue)].map(({ content, state }) => ({
    message_id: content.id,
    state,
    body: content.body,
    receives: content.receiveCount,
    sent_at_ms: content.sentAt,
    attributes: record(content.attributes.map(({ name, value }) => [name, attributeText(value)])),
    group: content.groupId ?? null,
  }));

const attributeText = (value: string | Uint8Array) =>
  typeof value === 'string' ? value : Buffer.from(value).toString('base64');

/** `NAMESPACE/NAME DIMENSION=VALUE ...` -> how many samples there are, and their sum. */
const metricsOf = ({ metrics }: CloudWatchState) =>
  record(
    [...metrics.values()].map(({ namespace, name, dimensions, series }) => {
      const buckets = [...series.values()].flat(2);
      const total = (part: 'count' | 'sum') => buckets.reduce((sum, bucket) => sum + bucket[part], 0);
      const named = [`${namespace}/${name}`, ...dimensions.map(({ Name, Value }) => `${Name}=${Value}`)];
      return [named.join(' '), { count: total('count'), sum: total('sum') }];
    }),
  );

/** Log group -> its lines, stream by stream. */
const logsOf = ({ groups }: LogsState) =>
  record(
    [...groups].map(([name, { streams }]) => [
      name,
      [...streams.values()].flatMap(({ events }) => events.flat().map(({ message }) => message)),
    ]),
  );
