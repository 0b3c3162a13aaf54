import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, dynamo, item, simpleTable } from './dynamo.ts';

// Developer Guide, DynamoDB read and write operations; write costs of indexes as measured against the service.
describe('units of reads and writes', () => {
  let world: Dynamo;
  beforeEach(async () => {
    world = await simpleTable();
  });
  const big = (bytes: number) => item({ pk: 'a', v: 'x'.repeat(bytes - 'pkav'.length) });
  const units = async (operation: string, input: object) =>
    (await world.call(operation, { TableName: 'items', ...input, ReturnConsumedCapacity: 'TOTAL' })).ConsumedCapacity;

  it.each([
    [100, 1, 0.5, 1],
    [1024, 1, 0.5, 1],
    [1025, 2, 0.5, 1],
    [4096, 4, 0.5, 1],
    [4097, 5, 1, 2],
    [409_600, 400, 50, 100],
  ])('of %i bytes', async (bytes, write, eventual, consistent) => {
    const total = (CapacityUnits: number) => ({ TableName: 'items', CapacityUnits });
    const Key = item({ pk: 'a' });
    expect(await units('PutItem', { Item: big(bytes) })).toEqual(total(write));
    expect(await units('GetItem', { Key })).toEqual(total(eventual));
    expect(await units('GetItem', { Key, ConsistentRead: true })).toEqual(total(consistent));
    expect(await units('Scan', {})).toEqual(total(eventual));
    expect(await units('Scan', { ConsistentRead: true, Select: 'COUNT' })).toEqual(total(consistent));
    expect(await units('PutItem', { Item: Key })).toEqual(total(write));
    expect(await units('DeleteItem', { Key })).toEqual(total(1));
  });

  it('of items that are not there', async () => {
    const Key = item({ pk: 'a' });
    expect(await units('GetItem', { Key, ConsistentRead: true })).toMatchObject({ CapacityUnits: 1 });
    expect(await units('DeleteItem', { Key })).toMatchObject({ CapacityUnits: 1 });
    expect(await units('Scan', {})).toMatchObject({ CapacityUnits: 0.5 });
  });

  it('add up over a page, and over a batch', async () => {
    const items = Array.from({ length: 5 }, (_, at) => item({ pk: `p${at}`, v: 'x'.repeat(2000) }));
    const RequestItems = { items: items.map((Item) => ({ PutRequest: { Item } })) };
    expect(await units('BatchWriteItem', { RequestItems })).toEqual([{ TableName: 'items', CapacityUnits: 10 }]);
    const Keys = items.map(({ pk }) => ({ pk }));
    expect(await units('BatchGetItem', { RequestItems: { items: { Keys } } })).toEqual([
      { TableName: 'items', CapacityUnits: 2.5 },
    ]);
    expect(await units('Scan', {})).toMatchObject({ CapacityUnits: 1.5 });
    const filter = { FilterExpression: 'v = :v', ExpressionAttributeValues: { ':v': { S: 'none' } } };
    expect(await units('Scan', filter)).toMatchObject({ CapacityUnits: 1.5 });
  });
});

describe('units of indexes', () => {
  let world: Dynamo;
  const Key = item({ pk: 'a', sk: '1' });
  const whole = item({ pk: 'a', sk: '1', gpk: 'g', lsk: 'l', proj: 'p', extra: 'e' });

  beforeEach(async () => {
    world = dynamo();
    await world.call('CreateTable', {
      TableName: 'indexed',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gpk', 'lsk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi',
          KeySchema: [{ AttributeName: 'gpk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'lsi',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'lsk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  const capacity = async (operation: string, input: object) => {
    const { ConsumedCapacity } = await world.call(operation, {
      TableName: 'indexed',
      ...input,
      ReturnConsumedCapacity: 'INDEXES',
    });
    return ConsumedCapacity;
  };
  const arms = (total: number, table: number, gsi?: number, lsi?: number) => ({
    TableName: 'indexed',
    CapacityUnits: total,
    Table: { CapacityUnits: table },
    ...(gsi !== undefined && { GlobalSecondaryIndexes: { gsi: { CapacityUnits: gsi } } }),
    ...(lsi !== undefined && { LocalSecondaryIndexes: { lsi: { CapacityUnits: lsi } } }),
  });

  it.each([
    ['both indexes', whole, arms(3, 1, 1, 1)],
    ['the global one', item({ pk: 'a', sk: '1', gpk: 'g' }), arms(2, 1, 1)],
    ['the local one', item({ pk: 'a', sk: '1', lsk: 'l' }), arms(2, 1, undefined, 1)],
    ['none', item({ pk: 'a', sk: '1', extra: 'e' }), arms(1, 1)],
  ])('for a put into %s', async (_, Item, expected) => {
    expect(await capacity('PutItem', { Item })).toEqual(expected);
    expect(await capacity('PutItem', { Item })).toEqual(arms(1, 1));
    expect(await capacity('DeleteItem', { Key })).toEqual(expected);
  });

  it.each([
    ['SET extra = :v', arms(2, 1, undefined, 1)],
    ['SET proj = :v', arms(3, 1, 1, 1)],
    ['SET gpk = :v', arms(4, 1, 2, 1)],
    ['REMOVE gpk', arms(3, 1, 1, 1)],
    ['SET lsk = :v', arms(3, 1, undefined, 2)],
  ])('for %s', async (UpdateExpression, expected) => {
    await capacity('PutItem', { Item: whole });
    const values = UpdateExpression.includes(':v') ? { ExpressionAttributeValues: item({ ':v': 'new' }) } : {};
    expect(await capacity('UpdateItem', { Key, UpdateExpression, ...values })).toEqual(expected);
  });

  it('for queries, and for what a query fetches from the table', async () => {
    await capacity('PutItem', { Item: whole });
    const query = (name: string, IndexName: string) => ({
      IndexName,
      KeyConditionExpression: `${name} = :v`,
      ExpressionAttributeValues: item({ ':v': name === 'gpk' ? 'g' : 'a' }),
    });
    expect(await capacity('Query', query('gpk', 'gsi'))).toEqual(arms(0.5, 0, 0.5));
    expect(await capacity('Query', query('pk', 'lsi'))).toEqual(arms(0.5, 0, undefined, 0.5));
  });

  it('tells the item collection of tables with local indexes', async () => {
    const input = { TableName: 'indexed', Item: whole, ReturnItemCollectionMetrics: 'SIZE' };
    expect((await world.call('PutItem', input)).ItemCollectionMetrics).toEqual({
      ItemCollectionKey: { pk: { S: 'a' } },
      SizeEstimateRangeGB: [0, 1],
    });
  });
});
