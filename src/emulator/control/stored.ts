import { itemKey } from '../calls/item-key.ts';
import { jsonValue } from '../calls/texts.ts';
import type { Engine } from '../core/engine.ts';
import { walkStored } from '../dynamodb/packed-item.ts';
import type { DynamoState, Table } from '../dynamodb/state.ts';
import { fromByteKey, toByteKey } from '../s3/listing/byte-order.ts';
import { keysFrom } from '../s3/listing/ordered-keys.ts';
import type { Bucket, S3State, StoredObject } from '../s3/state.ts';
import { badRequest, type ControlRoutes, isoTime, notFound, scopeOf, wholeNumber } from './routing.ts';

const MOST = 1_000;
const LAST_OFFSET = 100_000_000;
/** A page ends before it holds more, one item at least. */
const PAGE_BYTES = 1024 * 1024;
/** Of an object that is looked into. */
const LONGEST_TEXT = 256 * 1024;

/** `/_cliffracer/dynamodb/tables`: tables, and their items in the order of the keys. */
export function tableRoutes(engine: Engine): ControlRoutes {
  const tablesOf = (query: URLSearchParams) => {
    engine.settle();
    return (engine.stateOf('dynamodb', scopeOf(query)) as DynamoState).tables;
  };
  return {
    'GET /': ({ query }) => ({ tables: [...tablesOf(query).values()].map(describeTable) }),
    'GET /{name}/items': ({ params, query }) => {
      const table = tablesOf(query).get(params.name!);
      if (table === undefined) throw notFound(`no such table: ${params.name!.slice(0, 80)}`);
      const limit = wholeNumber(query, 'limit', 100, MOST);
      const offset = wholeNumber(query, 'offset', 0, LAST_OFFSET, 0);
      return { table: table.name, total: table.items.size, ...itemsOf(table, offset, limit) };
    },
  };
}

const keysOf = ({ key: { partition, sort } }: Table) => [partition.name, ...(sort === undefined ? [] : [sort.name])];

const describeTable = (table: Table) => ({
  ...{ name: table.name, items: table.items.size, bytes: table.bytes, keys: keysOf(table) },
  indexes: table.indexes.map(({ name }) => name),
});

function itemsOf(table: Table, offset: number, limit: number) {
  const items: { key: string; item: unknown }[] = [];
  let [passed, bytes] = [0, 0];
  let more = false;
  walkStored(table.items, { low: undefined, high: undefined }, false, (_key, { item, size }) => {
    if (passed++ < offset) return true;
    bytes += size;
    more = items.length === limit || (items.length > 0 && bytes > PAGE_BYTES);
    if (!more) items.push({ key: itemKey(keysOf(table), item), item: jsonValue(item) });
    return !more;
  });
  return { items, next_offset: more ? offset + items.length : null };
}

/** `/_cliffracer/s3/buckets`: buckets, their objects in the order of the keys, and one object as text. */
export function bucketRoutes(engine: Engine): ControlRoutes {
  const bucketsOf = (query: URLSearchParams) => {
    const scope = scopeOf(query);
    const { buckets } = engine.stateOf('s3', scope) as S3State;
    return [...buckets.values()].filter(({ account }) => account === scope.account);
  };
  const named = (name: string, query: URLSearchParams): Bucket => {
    const bucket = bucketsOf(query).find((each) => each.name === name);
    if (bucket === undefined) throw notFound(`no such bucket: ${name.slice(0, 80)}`);
    return bucket;
  };
  return {
    'GET /': ({ query }) => ({ buckets: bucketsOf(query).map(describeBucket) }),
    'GET /{name}/objects': ({ params, query }) => {
      const limit = wholeNumber(query, 'limit', 100, MOST);
      return objectsOf(named(params.name!, query), query.get('prefix') ?? '', query.get('after') ?? '', limit);
    },
    'GET /{name}/object': ({ params, query }) => {
      const key = query.get('key');
      if (!key) throw badRequest('key must name an object');
      const object = named(params.name!, query).objects.get(toByteKey(key));
      if (object === undefined) throw notFound(`no such object: ${key.slice(0, 200)}`);
      return { bucket: params.name, ...describeObject(key, object), text: textOf(object) };
    },
  };
}

function describeBucket({ name, objects }: Bucket) {
  let bytes = 0;
  for (const { body } of objects.values()) bytes += body.byteLength;
  return { name, objects: objects.size, bytes };
}

const describeObject = (key: string, { body, etag, modifiedAt, headers }: StoredObject) => ({
  ...{ key, size: body.byteLength, etag, modified_at: isoTime(modifiedAt * 1_000) },
  content_type: headers.ContentType,
});

/** Those behind `after`; `next_after` is null when there are no more. */
function objectsOf(bucket: Bucket, prefix: string, after: string, limit: number) {
  const objects: ReturnType<typeof describeObject>[] = [];
  const start = toByteKey(prefix);
  const bound = toByteKey(after > prefix ? after : prefix);
  let more = false;
  for (const byteKey of keysFrom(bucket.keys, bound, after <= prefix)) {
    if (!byteKey.startsWith(start)) break;
    more = objects.length === limit;
    if (more) break;
    objects.push(describeObject(fromByteKey(byteKey), bucket.objects.get(byteKey)!));
  }
  return { bucket: bucket.name, objects, next_after: more ? objects.at(-1)!.key : null };
}

/** The beginning of a text; null for what is none. A character that is cut at the end is left out. */
function textOf({ body }: StoredObject): string | null {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    return decoder.decode(body.subarray(0, LONGEST_TEXT), { stream: body.byteLength > LONGEST_TEXT });
  } catch {
    return null;
  }
}
