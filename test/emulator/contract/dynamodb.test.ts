import { expect } from 'vitest';
import { type Case, contract, REGION, START, type World } from './contract.ts';

const TABLE = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};
const TableName = 'stock';
const arnOf = ({ account }: World) => `arn:aws:dynamodb:${REGION}:${account}:table/${TableName}`;
const key = (sk: number, pk = 'p') => ({ pk: { S: pk }, sk: { N: `${sk}` } });
const create = (world: World) => world.call('dynamodb', 'CreateTable', { TableName, ...TABLE });
const put = (world: World, item: object) => world.call('dynamodb', 'PutItem', { TableName, Item: item });

async function filled(world: World, count: number): Promise<void> {
  await create(world);
  for (let n = 0; n < count; n++) await put(world, { ...key(n), even: { BOOL: n % 2 === 0 } });
}

const CASES: readonly Case[] = [
  {
    what: 'a table is made, described, listed, updated and deleted',
    doc: 'DynamoDB API Reference, CreateTable, UpdateTable',
    covers: ['CreateTable', 'DescribeTable', 'ListTables', 'UpdateTable', 'DeleteTable'],
    async run(world) {
      await create(world);
      expect((await world.refused('dynamodb', 'CreateTable', { TableName, ...TABLE })).name).toBe(
        'ResourceInUseException',
      );
      const { Table } = await world.call('dynamodb', 'DescribeTable', { TableName });
      expect(Table).toMatchObject({ TableStatus: 'ACTIVE', ItemCount: 0, TableArn: arnOf(world) });
      expect((await world.call('dynamodb', 'ListTables', {})).TableNames).toEqual([TableName]);
      const index = {
        IndexName: 'by-kind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      };
      const AttributeDefinitions = [...TABLE.AttributeDefinitions, { AttributeName: 'kind', AttributeType: 'S' }];
      const GlobalSecondaryIndexUpdates = [{ Create: index }];
      await world.call('dynamodb', 'UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
      await world.call('dynamodb', 'DeleteTable', { TableName });
      world.advance(60);
      expect((await world.refused('dynamodb', 'DescribeTable', { TableName })).name).toBe('ResourceNotFoundException');
    },
  },
  {
    what: 'items are written under conditions and read back as they were',
    doc: 'DynamoDB Developer Guide, Condition expressions, Update expressions',
    covers: ['PutItem', 'GetItem', 'UpdateItem', 'DeleteItem'],
    async run(world) {
      await create(world);
      const Item = { ...key(1), n: { N: '12345678901234567890.5' }, b: { B: Buffer.from([0, 255]) }, s: { SS: ['a'] } };
      await put(world, Item);
      const got = await world.call('dynamodb', 'GetItem', { TableName, Key: key(1), ConsistentRead: true });
      expect(got.Item.n).toEqual({ N: '12345678901234567890.5' });
      expect(Buffer.from(got.Item.b.B)).toEqual(Buffer.from([0, 255]));
      const once = { TableName, Item: key(1), ConditionExpression: 'attribute_not_exists(pk)' };
      const error = await world.refused('dynamodb', 'PutItem', {
        ...once,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      expect(error).toMatchObject({ name: 'ConditionalCheckFailedException', Item: { sk: { N: '1' } } });
      const { Attributes } = await world.call('dynamodb', 'UpdateItem', {
        ...{ TableName, Key: key(1), ReturnValues: 'UPDATED_NEW' },
        UpdateExpression: 'SET n = n - :d, m = if_not_exists(m, :m) ADD s :s REMOVE b',
        ExpressionAttributeValues: { ':d': { N: '0.5' }, ':m': { M: {} }, ':s': { SS: ['b'] } },
      });
      expect(Attributes).toEqual({ n: { N: '12345678901234567890' }, m: { M: {} }, s: { SS: ['a', 'b'] } });
      const gone = await world.call('dynamodb', 'DeleteItem', { TableName, Key: key(1), ReturnValues: 'ALL_OLD' });
      expect(gone.Attributes.sk).toEqual({ N: '1' });
      expect((await world.call('dynamodb', 'GetItem', { TableName, Key: key(1) })).Item).toBeUndefined();
    },
  },
  {
    what: 'queries follow the sort key, both ways, page by page; filters come after the limit',
    doc: 'DynamoDB Developer Guide, Query; Scan',
    covers: ['Query', 'Scan'],
    async run(world) {
      await filled(world, 12);
      const query = {
        ...{ TableName, KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b' },
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':a': { N: '2' }, ':b': { N: '10' } },
      };
      const first = await world.call('dynamodb', 'Query', { ...query, Limit: 4, ScanIndexForward: false });
      expect(first.Items.map(({ sk }: any) => sk.N)).toEqual(['10', '9', '8', '7']);
      expect(first.LastEvaluatedKey).toEqual(key(7));
      const { LastEvaluatedKey: ExclusiveStartKey } = first;
      const next = await world.call('dynamodb', 'Query', { ...query, ExclusiveStartKey, ScanIndexForward: false });
      expect(next.Items.map(({ sk }: any) => sk.N)).toEqual(['6', '5', '4', '3', '2']);
      const scan = {
        TableName,
        Limit: 6,
        FilterExpression: 'even = :t',
        ExpressionAttributeValues: { ':t': { BOOL: true } },
      };
      expect(await world.call('dynamodb', 'Scan', scan)).toMatchObject({ Count: 3, ScannedCount: 6 });
    },
  },
  {
    what: 'batches write and read many items',
    doc: 'DynamoDB API Reference, BatchWriteItem, BatchGetItem',
    covers: ['BatchWriteItem', 'BatchGetItem'],
    async run(world) {
      await filled(world, 1);
      const writes = [{ PutRequest: { Item: key(5) } }, { DeleteRequest: { Key: key(0) } }];
      const written = await world.call('dynamodb', 'BatchWriteItem', { RequestItems: { [TableName]: writes } });
      expect(written.UnprocessedItems).toEqual({});
      const Keys = [key(0), key(5)];
      const read = await world.call('dynamodb', 'BatchGetItem', { RequestItems: { [TableName]: { Keys } } });
      expect(read.Responses[TableName]).toEqual([key(5)]);
      const twice = { RequestItems: { [TableName]: [writes[0], writes[0]] } };
      expect(await world.refused('dynamodb', 'BatchWriteItem', twice)).toMatchObject({
        name: 'ValidationException',
        message: 'Provided list of item keys contains duplicates',
      });
    },
  },
  {
    what: 'a transaction does all or nothing, once for each token, and says what stood in the way',
    doc: 'DynamoDB Developer Guide, Transactions',
    covers: ['TransactWriteItems', 'TransactGetItems'],
    async run(world) {
      await filled(world, 1);
      const add = {
        Update: {
          TableName,
          Key: key(0),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      };
      const transaction = { TransactItems: [add, { Put: { TableName, Item: key(1) } }], ClientRequestToken: 'once' };
      await world.call('dynamodb', 'TransactWriteItems', transaction);
      await world.call('dynamodb', 'TransactWriteItems', transaction);
      const check = { ConditionCheck: { TableName, Key: key(9), ConditionExpression: 'attribute_exists(pk)' } };
      const error = await world.refused('dynamodb', 'TransactWriteItems', { TransactItems: [add, check] });
      expect(error.CancellationReasons.map(({ Code }: any) => Code)).toEqual(['None', 'ConditionalCheckFailed']);
      const TransactItems = [{ Get: { TableName, Key: key(0) } }, { Get: { TableName, Key: key(9) } }];
      const { Responses } = await world.call('dynamodb', 'TransactGetItems', { TransactItems });
      expect(Responses[0].Item.n).toEqual({ N: '1' });
      expect(Responses[1].Item).toBeUndefined();
    },
  },
  {
    what: 'an item expires on the clock of the engine',
    doc: 'DynamoDB Developer Guide, Time to Live',
    covers: ['UpdateTimeToLive', 'DescribeTimeToLive'],
    async run(world) {
      await create(world);
      const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
      await world.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
      world.advance(3600);
      const { TimeToLiveDescription } = await world.call('dynamodb', 'DescribeTimeToLive', { TableName });
      expect(TimeToLiveDescription).toEqual({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
      const ttl = Math.floor(world.now / 1000) + 60;
      await put(world, { ...key(1), ttl: { N: `${ttl}` } });
      world.advance(3 * 24 * 3600);
      expect((await world.call('dynamodb', 'GetItem', { TableName, Key: key(1) })).Item).toBeUndefined();
    },
  },
  {
    what: 'tags are kept; limits, endpoints and backups are described',
    doc: 'DynamoDB API Reference, TagResource, DescribeLimits, DescribeContinuousBackups',
    covers: [
      ...['TagResource', 'UntagResource', 'ListTagsOfResource', 'DescribeLimits', 'DescribeEndpoints'],
      'DescribeContinuousBackups',
    ],
    async run(world) {
      await create(world);
      const ResourceArn = arnOf(world);
      const tag = { Key: 'a', Value: '1' };
      await world.call('dynamodb', 'TagResource', { ResourceArn, Tags: [tag, { Key: 'b', Value: '' }] });
      await world.call('dynamodb', 'UntagResource', { ResourceArn, TagKeys: ['b'] });
      expect((await world.call('dynamodb', 'ListTagsOfResource', { ResourceArn })).Tags).toEqual([tag]);
      expect((await world.call('dynamodb', 'DescribeLimits')).AccountMaxReadCapacityUnits).toBeGreaterThan(0);
      expect((await world.call('dynamodb', 'DescribeEndpoints')).Endpoints).toHaveLength(1);
      const backups = await world.call('dynamodb', 'DescribeContinuousBackups', { TableName });
      expect(backups.ContinuousBackupsDescription.ContinuousBackupsStatus).toBe('ENABLED');
      expect(
        (await world.call('dynamodb', 'DescribeTable', { TableName })).Table.CreationDateTime.getTime(),
      ).toBeGreaterThanOrEqual(START);
    },
  },
];

contract('dynamodb', CASES);
