import { itemKey } from '../calls/item-key.ts';
import { jsonValue } from '../calls/texts.ts';
import type { Engine } from '../core/engine.ts';
import type { DynamoState, Table } from '../dynamodb/state.ts';
import { walkTree } from '../dynamodb/tree.ts';
import { fromByteKey } from '../s3/listing/byte-order.ts';
import type { S3State, StoredObject } from '../s3/state.ts';
import type { Queue, SqsState } from '../sqs/state.ts';
import { type ControlRoutes, scopeOf } from './routing.ts';

/** A content up to here is told as text, so that it can be compared by its members; a larger one by its ETag alone. */
const LONGEST_TEXT = 256 * 1024;

/** `/_cliffracer/contents`: what tables, buckets and queues of one account and region hold, whole. */
export function contentRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const scope = scopeOf(query);
      engine.settle();
      const stateOf = <S>(service: 'dynamodb' | 's3' | 'sqs') => engine.stateOf(service, scope) as S;
      const { queues } = stateOf<SqsState>('sqs');
      const waiting = record([...queues].map(([name, queue]) => [name, messagesOf(queue)]));
      if (query.get('only') === 'queues') return { tables: {}, buckets: {}, queues: waiting };
      const { tables } = stateOf<DynamoState>('dynamodb');
      const { buckets } = stateOf<S3State>('s3');
      const own = [...buckets].filter(([, { account }]) => account === scope.account);
      return {
        tables: record([...tables].map(([name, table]) => [name, itemsOf(table)])),
        buckets: record(own.map(([name, { objects }]) => [name, objectsOf(objects)])),
        queues: waiting,
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
  walkTree(table.items, { low: undefined, high: undefined }, false, (_key, { item }) => {
    items.push([itemKey(keys, item), jsonValue(item)]);
    return true;
  });
  return record(items);
}

const objectsOf = (objects: ReadonlyMap<string, StoredObject>) =>
  record(
    [...objects].map(([key, { etag, body }]) => [
      fromByteKey(key),
      { etag, size: body.byteLength, text: textOf(body) },
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
const messagesOf = ({ messages }: Queue) =>
  [...messages.values()].map(({ content, state }) => ({
    message_id: content.id,
    state,
    body: content.body,
    receives: content.receiveCount,
    sent_at_ms: content.sentAt,
  }));
