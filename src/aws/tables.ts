import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { CliffracerError } from '../errors.ts';
import type { Item, Key, TablePort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { batchesOf, eachAtOnce } from './batches.ts';
import type { Clients } from './clients.ts';
import { placeholders } from './expressions.ts';
import { pauseMs } from './retry.ts';
import { writeAll } from './transactions.ts';

const GET_BATCH = { count: 100 };
const WRITE_BATCH = { count: 25 };
const BATCHES_AT_ONCE = 4;
const TRIES = 8;

type Page = { items: Item[]; next: Record<string, unknown> | undefined };
type WriteRequest = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Key } };

/** DynamoDB for one stack. Numbers arrive as JavaScript numbers: amounts are whole cents and counts, exact up to 2^53. */
export async function createTables(clients: Clients, names: StackNames): Promise<TablePort> {
  const db = DynamoDBDocumentClient.from(await clients.dynamodb(), {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: (text: string) => Number(text) },
  });
  const { pauses } = clients;

  /** Calls with what is left over until nothing is, as the batch operations' answers ask for. */
  const untilDone = async <T extends object>(what: string, request: T, call: (open: T) => Promise<T | undefined>) => {
    let open: T | undefined = request;
    for (let attempt = 0; open !== undefined && Object.keys(open).length > 0; attempt++) {
      if (attempt === TRIES) {
        throw new CliffracerError('aws_error', `DynamoDB left a part of ${what} undone ${TRIES} times`, {
          retryable: true,
        });
      }
      if (attempt > 0) await pauses.sleep(pauseMs(attempt));
      open = await call(open);
    }
  };

  const writeBatches = (table: string, requests: readonly WriteRequest[]) =>
    eachAtOnce(batchesOf(requests, WRITE_BATCH), BATCHES_AT_ONCE, (batch) =>
      untilDone('BatchWriteItem', { [names.table(table)]: batch.map(({ item }) => item) }, async (RequestItems) => {
        const { UnprocessedItems } = await db.send(new BatchWriteCommand({ RequestItems }));
        return UnprocessedItems as typeof RequestItems | undefined;
      }),
    );

  return {
    async get(table, key) {
      const command = new GetCommand({ TableName: names.table(table), Key: key, ConsistentRead: true });
      return (await db.send(command)).Item as Item | undefined;
    },
    async getMany(keys) {
      const found = new Map<string, Item>();
      const wanted = new Map(keys.map((each) => [idOf(each.table, each.key), each]));
      for (const batch of batchesOf([...wanted.values()], GET_BATCH)) {
        const requests: Record<string, { Keys: Key[]; ConsistentRead: true }> = {};
        for (const { item } of batch) {
          const name = names.table(item.table);
          requests[name] ??= { Keys: [], ConsistentRead: true };
          requests[name].Keys.push(item.key);
        }
        await untilDone('BatchGetItem', requests, async (RequestItems) => {
          const { Responses, UnprocessedKeys } = await db.send(new BatchGetCommand({ RequestItems }));
          for (const { item: asked } of batch) {
            const answers = (Responses?.[names.table(asked.table)] ?? []) as Item[];
            const answer = answers.find((each) => matches(each, asked.key));
            if (answer !== undefined) found.set(idOf(asked.table, asked.key), answer);
          }
          return UnprocessedKeys as typeof requests | undefined;
        });
      }
      return keys.map(({ table, key }) => found.get(idOf(table, key)));
    },
    write: (writes) => writeAll(db, names, pauses, writes),
    putMany: (table, items) =>
      writeBatches(
        table,
        items.map((Item) => ({ PutRequest: { Item } })),
      ),
    deleteMany: (table, keys) => {
      const distinct = new Map(keys.map((key) => [idOf(table, key), key]));
      return writeBatches(
        table,
        [...distinct.values()].map((Key) => ({ DeleteRequest: { Key } })),
      );
    },
    scan: (table, { filter, limit } = {}) =>
      pages(limit, async (start, size) => {
        const command = new ScanCommand({
          TableName: names.table(table),
          ConsistentRead: true,
          ...(filter && { FilterExpression: filter.text, ...placeholders(filter) }),
          ...(filter === undefined && size !== undefined && { Limit: size }),
          ...(start && { ExclusiveStartKey: start }),
        });
        const { Items, LastEvaluatedKey } = await db.send(command);
        return { items: (Items ?? []) as Item[], next: LastEvaluatedKey };
      }),
    query: (table, { index, condition, filter, newestFirst, limit }) =>
      pages(limit, async (start, size) => {
        const command = new QueryCommand({
          TableName: names.table(table),
          IndexName: index,
          KeyConditionExpression: condition.text,
          ...(filter && { FilterExpression: filter.text }),
          ...placeholders(condition, filter),
          ScanIndexForward: newestFirst !== true,
          ...(filter === undefined && size !== undefined && { Limit: size }),
          ...(start && { ExclusiveStartKey: start }),
        });
        const { Items, LastEvaluatedKey } = await db.send(command);
        return { items: (Items ?? []) as Item[], next: LastEvaluatedKey };
      }),
  };
}

/** Items page by page, up to `limit` of them. DynamoDB's own Limit counts before a filter, so a page may be short. */
async function* pages(
  limit: number | undefined,
  read: (start: Record<string, unknown> | undefined, size: number | undefined) => Promise<Page>,
): AsyncGenerator<Item> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let start: Record<string, unknown> | undefined;
  while (left > 0) {
    const { items, next }: Page = await read(start, limit === undefined ? undefined : left);
    for (const item of items.slice(0, left)) yield item;
    left -= items.length;
    if (next === undefined) return;
    start = next;
  }
}

const idOf = (table: string, key: Key): string => JSON.stringify([table, ...Object.entries(key).sort().flat()]);

const matches = (item: Item, key: Key): boolean => Object.entries(key).every(([name, value]) => item[name] === value);
