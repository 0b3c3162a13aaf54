import type { Expression, Item, Key, TablePort, Write, WriteOutcome } from '../../../ports.ts';
import { type Attributes, attributesOf, attributeValue, itemOf } from './attribute-values.ts';
import { type Addresses, batches, type EngineCall, isEngineError } from './call.ts';

const GET_BATCH = 100;
const WRITE_BATCH = 25;

interface Page {
  Items?: Attributes[];
  LastEvaluatedKey?: Attributes;
}

/** DynamoDB, called without a wire: the same operations with the same inputs as over the SDK. */
export function engineTables(call: EngineCall, { table: nameOf }: Addresses): TablePort {
  const writeBatches = async (table: string, requests: readonly object[]) => {
    for (const batch of batches(requests, WRITE_BATCH)) {
      await call('dynamodb', 'BatchWriteItem', { RequestItems: { [nameOf(table)]: batch } });
    }
  };
  return {
    async get(table, key) {
      const input = { TableName: nameOf(table), Key: attributesOf(key), ConsistentRead: true };
      const { Item } = await call<{ Item?: Attributes }>('dynamodb', 'GetItem', input);
      return Item && itemOf(Item);
    },
    async getMany(keys) {
      const wanted = new Map(keys.map((each) => [idOf(each.table, each.key), each]));
      const found = new Map<string, Item>();
      for (const batch of batches([...wanted.values()], GET_BATCH)) await getBatch(call, nameOf, batch, found);
      return keys.map(({ table, key }) => found.get(idOf(table, key)));
    },
    write: (writes) => writeAll(call, nameOf, writes),
    putMany: (table, items) =>
      writeBatches(
        table,
        items.map((item) => ({ PutRequest: { Item: attributesOf(item) } })),
      ),
    deleteMany: (table, keys) =>
      writeBatches(
        table,
        keys.map((key) => ({ DeleteRequest: { Key: attributesOf(key) } })),
      ),
    scan: (table, { filter, limit } = {}) =>
      pages(call, 'Scan', limit, {
        TableName: nameOf(table),
        ConsistentRead: true,
        ...(filter && { FilterExpression: filter.text, ...placeholders(filter) }),
      }),
    query: (table, { index, condition, filter, newestFirst, limit }) =>
      pages(call, 'Query', limit, {
        TableName: nameOf(table),
        ...(index !== undefined && { IndexName: index }),
        KeyConditionExpression: condition.text,
        ...(filter && { FilterExpression: filter.text }),
        ...placeholders(condition, filter),
        ScanIndexForward: newestFirst !== true,
      }),
  };
}

const idOf = (table: string, key: Key): string => `${table} ${Object.values(key).join(' ')}`;

async function getBatch(
  call: EngineCall,
  nameOf: (table: string) => string,
  batch: readonly { table: string; key: Key }[],
  found: Map<string, Item>,
): Promise<void> {
  const RequestItems: Record<string, { Keys: Attributes[]; ConsistentRead: true }> = {};
  for (const { table, key } of batch) {
    const name = nameOf(table);
    RequestItems[name] ??= { Keys: [], ConsistentRead: true };
    RequestItems[name].Keys.push(attributesOf(key));
  }
  const answer = await call<{ Responses?: Record<string, Attributes[]> }>('dynamodb', 'BatchGetItem', { RequestItems });
  const byId = new Map<string, Item>();
  for (const [name, items] of Object.entries(answer.Responses ?? {})) {
    const keyName = Object.keys(RequestItems[name]!.Keys[0]!)[0]!;
    for (const attributes of items) {
      const item = itemOf(attributes);
      byId.set(`${name} ${item[keyName]}`, item);
    }
  }
  for (const { table, key } of batch) {
    const item = byId.get(`${nameOf(table)} ${Object.values(key)[0]}`);
    if (item !== undefined) found.set(idOf(table, key), item);
  }
}

async function* pages(
  call: EngineCall,
  operation: 'Scan' | 'Query',
  limit: number | undefined,
  input: object,
): AsyncGenerator<Item> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let start: Attributes | undefined;
  while (left > 0) {
    const page: Page = await call('dynamodb', operation, { ...input, ...(start && { ExclusiveStartKey: start }) });
    for (const item of (page.Items ?? []).slice(0, left)) yield itemOf(item);
    left -= page.Items?.length ?? 0;
    start = page.LastEvaluatedKey;
    if (start === undefined) return;
  }
}

/** A single put or delete is no transaction, as over the SDK. */
async function writeAll(
  call: EngineCall,
  nameOf: (table: string) => string,
  writes: readonly Write[],
): Promise<WriteOutcome> {
  const [first, second] = writes;
  if (first === undefined) return { written: true };
  try {
    const [action, input] = Object.entries(actionFor(first, nameOf(first.table)))[0]!;
    if (second === undefined && (action === 'Put' || action === 'Delete')) {
      await call('dynamodb', `${action}Item`, input);
    } else {
      const TransactItems = writes.map((write) => actionFor(write, nameOf(write.table)));
      await call('dynamodb', 'TransactWriteItems', { TransactItems });
    }
    return { written: true };
  } catch (error) {
    const conflicts = conflictsIn(error, writes);
    if (conflicts.length === 0) throw error;
    return { written: false, conflicts };
  }
}

function actionFor(write: Write, TableName: string): Record<string, object> {
  const { condition } = write;
  const conditional = condition && { ConditionExpression: condition.text, ...placeholders(condition) };
  switch (write.kind) {
    case 'put':
      return { Put: { TableName, Item: attributesOf(write.item), ...conditional } };
    case 'delete':
      return { Delete: { TableName, Key: attributesOf(write.key), ...conditional } };
    case 'check':
      return { ConditionCheck: { TableName, Key: attributesOf(write.key), ConditionExpression: '', ...conditional } };
    case 'update': {
      const all = { ...conditional, ...placeholders(write.update, condition) };
      return { Update: { TableName, Key: attributesOf(write.key), UpdateExpression: write.update.text, ...all } };
    }
  }
}

function placeholders(...expressions: (Expression | undefined)[]) {
  const names: Record<string, string> = {};
  const values: Attributes = {};
  for (const expression of expressions) {
    Object.assign(names, expression?.names);
    for (const [name, value] of Object.entries(expression?.values ?? {})) values[name] = attributeValue(value);
  }
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function conflictsIn(thrown: unknown, writes: readonly Write[]) {
  const error = thrown instanceof Error && isEngineError(thrown.cause) ? thrown.cause : undefined;
  const conflict = (index: number) => ({ index, label: writes[index]!.label, item: undefined });
  if (error?.code === 'ConditionalCheckFailedException') return [conflict(0)];
  if (error?.code !== 'TransactionCanceledException') return [];
  return (error.fields?.CancellationReasons ?? []).flatMap(({ Code }, index) =>
    Code === 'ConditionalCheckFailed' ? [conflict(index)] : [],
  );
}
