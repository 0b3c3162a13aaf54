import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { CliffracerError } from '../errors.ts';
import type { Condition, Item, Key, TablePort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { type Attributes, attributesOf, itemOf } from './attribute-values.ts';
import { batchesOf, eachAtOnce } from './batches.ts';
import type { AwsCalls } from './call.ts';
import { Expressions } from './expressions.ts';
import { pauseMs } from './retry.ts';
import { writeAll } from './transactions.ts';

const GET_BATCH = { count: 100 };
const WRITE_BATCH = { count: 25 };
const BATCHES_AT_ONCE = 8;
const TRIES = 8;

type Requests = Record<string, { Keys: Attributes[] | undefined; ConsistentRead?: boolean | undefined }>;
type Page = { Items?: Attributes[] | undefined; LastEvaluatedKey?: Attributes | undefined };

/** DynamoDB for one stack. */
export async function createTables({ call, pauses }: AwsCalls, names: StackNames): Promise<TablePort> {
  /** Repeats a batch operation with its unprocessed part until nothing is left. */
  const untilDone = async <T extends object>(what: string, request: T, send: (open: T) => Promise<T | undefined>) => {
    let open: T | undefined = request;
    for (let attempt = 0; open !== undefined && Object.keys(open).length > 0; attempt++) {
      if (attempt === TRIES) {
        throw new CliffracerError('aws_error', `DynamoDB left a part of ${what} undone ${TRIES} times`, {
          retryable: true,
        });
      }
      if (attempt > 0) await pauses.sleep(pauseMs(attempt));
      open = await send(open);
    }
  };

  const writeBatches = (table: string, requests: readonly WriteRequest[]) =>
    eachAtOnce(batchesOf(requests, WRITE_BATCH), BATCHES_AT_ONCE, (batch) =>
      untilDone(
        'BatchWriteItem',
        { [names.table(table)]: batch.map(({ item }) => item) },
        async (RequestItems: Record<string, WriteRequest[]>) => {
          return (await call('dynamodb', 'BatchWriteItem', { RequestItems })).UnprocessedItems;
        },
      ),
    );

  return {
    async get(table, key) {
      const input = { TableName: names.table(table), Key: attributesOf(key), ConsistentRead: true };
      const { Item } = await call('dynamodb', 'GetItem', input);
      return Item && itemOf(Item);
    },
    async getMany(keys) {
      const found = new Map<string, Item>();
      const wanted = new Map(keys.map((each) => [idOf(each.table, each.key), each]));
      for (const batch of batchesOf([...wanted.values()], GET_BATCH)) {
        const keysOf = new Map<string, Attributes[]>();
        const tableOf = new Map<string, string>();
        for (const { item } of batch) {
          const name = names.table(item.table);
          tableOf.set(name, item.table);
          keysOf.set(name, [...(keysOf.get(name) ?? []), attributesOf(item.key)]);
        }
        const requests = Object.fromEntries([...keysOf].map(([name, Keys]) => [name, { Keys, ConsistentRead: true }]));
        await untilDone('BatchGetItem', requests as Requests, async (RequestItems) => {
          const { Responses = {}, UnprocessedKeys } = await call('dynamodb', 'BatchGetItem', { RequestItems });
          for (const [name, answers] of Object.entries(Responses)) {
            const keyNames = Object.keys(keysOf.get(name)![0]!);
            for (const item of answers.map(itemOf)) {
              const key = Object.fromEntries(keyNames.map((each) => [each, item[each]])) as Key;
              found.set(idOf(tableOf.get(name)!, key), item);
            }
          }
          return UnprocessedKeys;
        });
      }
      return keys.map(({ table, key }) => found.get(idOf(table, key)));
    },
    write: (writes) => writeAll(call, names, pauses, writes),
    putMany: (table, items) =>
      writeBatches(
        table,
        items.map((item) => ({ PutRequest: { Item: attributesOf(item) } })),
      ),
    deleteMany: (table, keys) => {
      const distinct = new Map(keys.map((key) => [idOf(table, key), key]));
      return writeBatches(
        table,
        [...distinct.values()].map((key) => ({ DeleteRequest: { Key: attributesOf(key) } })),
      );
    },
    scan(table, { filter, limit } = {}) {
      const expressions = new Expressions();
      const fixed = {
        TableName: names.table(table),
        ConsistentRead: true,
        ...(filter && { FilterExpression: expressions.condition(filter) }),
        ...expressions.placeholders,
      };
      return pages(filter, limit, (page) => call('dynamodb', 'Scan', { ...fixed, ...page }));
    },
    query(table, { index, partition, filter, newestFirst, limit }) {
      const expressions = new Expressions();
      const fixed = {
        TableName: names.table(table),
        IndexName: index,
        KeyConditionExpression: expressions.conditions({ all: equalTo(partition) }),
        ...(filter && { FilterExpression: expressions.condition(filter) }),
        ...expressions.placeholders,
        ScanIndexForward: newestFirst !== true,
      };
      return pages(filter, limit, (page) => call('dynamodb', 'Query', { ...fixed, ...page }));
    },
  };
}

const equalTo = (key: Key): Condition[] =>
  Object.entries(key).map(([attribute, value]) => ({ attribute, comparison: '=', value }));

/** Items page by page, up to `limit` of them. DynamoDB's own Limit counts before a filter, so it is not sent with one. */
async function* pages(
  filter: Condition | undefined,
  limit: number | undefined,
  read: (page: { Limit?: number; ExclusiveStartKey?: Attributes }) => Promise<Page>,
): AsyncGenerator<Item> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let start: Attributes | undefined;
  while (left > 0) {
    const { Items = [], LastEvaluatedKey }: Page = await read({
      ...(filter === undefined && limit !== undefined && { Limit: left }),
      ...(start && { ExclusiveStartKey: start }),
    });
    for (const attributes of Items.slice(0, left)) yield itemOf(attributes);
    left -= Items.length;
    if (LastEvaluatedKey === undefined) return;
    start = LastEvaluatedKey;
  }
}

/** Keys have one attribute, or two whose order does not matter. */
const idOf = (table: string, key: Key): string => {
  const entries = Object.entries(key);
  return entries.length === 1 ? `${table} ${entries[0]![1]}` : JSON.stringify([table, ...entries.sort().flat()]);
};
