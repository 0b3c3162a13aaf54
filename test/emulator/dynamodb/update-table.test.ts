import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, dynamo, INDEXED_TABLE, item, START, simpleTable } from './dynamo.ts';

const hash = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' }];
const strings = (...names: string[]) => names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
const units = (capacity: number) => ({ ReadCapacityUnits: capacity, WriteCapacityUnits: capacity });
const ALL = { ProjectionType: 'ALL' };
const base = {
  TableName: 'made',
  AttributeDefinitions: strings('pk'),
  KeySchema: hash('pk'),
  BillingMode: 'PAY_PER_REQUEST',
};

let world: Dynamo;
beforeEach(() => {
  world = dynamo();
});

// API reference, UpdateTable.
describe('UpdateTable', () => {
  const provisioned = { ...base, BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5) };
  const update = async (input: object) =>
    (await world.call('UpdateTable', { TableName: 'made', ...input })).TableDescription;

  it('changes throughput and billing', async () => {
    await world.call('CreateTable', provisioned);
    expect((await update({ ProvisionedThroughput: units(9) })).ProvisionedThroughput).toEqual({
      ...units(9),
      LastIncreaseDateTime: START / 1000,
      NumberOfDecreasesToday: 0,
    });
    expect((await update({ ProvisionedThroughput: units(2) })).ProvisionedThroughput).toMatchObject({
      ...units(2),
      NumberOfDecreasesToday: 1,
    });
    const onDemand = await update({ BillingMode: 'PAY_PER_REQUEST' });
    expect(onDemand).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST', LastUpdateToPayPerRequestDateTime: START / 1000 },
      ProvisionedThroughput: units(0),
    });
    expect(await update({ BillingMode: 'PAY_PER_REQUEST' })).toEqual(onDemand);
    const back = await update({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units(3) });
    expect(back).toMatchObject({ BillingModeSummary: { BillingMode: 'PROVISIONED' }, ProvisionedThroughput: units(3) });
  });

  it('adds an index, filled with what the table has, and removes it', async () => {
    const items = await simpleTable('made');
    await items.call('PutItem', { TableName: 'made', Item: item({ pk: 'a', g: 'x' }) });
    await items.call('PutItem', { TableName: 'made', Item: item({ pk: 'b', g: 'x' }) });
    await items.call('PutItem', { TableName: 'made', Item: item({ pk: 'c', g: 5 }) });
    await items.call('PutItem', { TableName: 'made', Item: item({ pk: 'd' }) });
    const Create = { IndexName: 'late', KeySchema: hash('g'), Projection: { ProjectionType: 'KEYS_ONLY' } };
    const request = {
      TableName: 'made',
      AttributeDefinitions: strings('g'),
      GlobalSecondaryIndexUpdates: [{ Create }],
    };
    const { TableDescription } = await items.call('UpdateTable', request);
    expect(TableDescription.AttributeDefinitions).toEqual(strings('g', 'pk'));
    expect(TableDescription.GlobalSecondaryIndexes[0]).toMatchObject({ IndexName: 'late', ItemCount: 2 });
    await items.call('PutItem', { TableName: 'made', Item: item({ pk: 'e', g: 'x' }) });
    const query = {
      TableName: 'made',
      IndexName: 'late',
      KeyConditionExpression: 'g = :g',
      ExpressionAttributeValues: item({ ':g': 'x' }),
    };
    expect((await items.call('Query', query)).Count).toBe(3);
    expect(await items.refusal('UpdateTable', request)).toBe('Attempting to create an index which already exists');
    const removal = { TableName: 'made', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'late' } }] };
    const removed = (await items.call('UpdateTable', removal)).TableDescription;
    expect(removed.GlobalSecondaryIndexes).toBeUndefined();
    expect(removed.AttributeDefinitions).toEqual(strings('pk'));
    expect(await items.fails('UpdateTable', removal)).toMatchObject({ code: 'ResourceNotFoundException' });
    expect((await items.call('Scan', { TableName: 'made' })).Count).toBe(5);
  });

  const NOTHING =
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
    'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
    'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required';
  const invalid = (detail: string) => `One or more parameter values were invalid: ${detail}`;
  const throughput = ({ Create }: typeof create) => ({ Create: { ...Create, ProvisionedThroughput: units(1) } });
  // Wording and rules: ack-api-quirks (verified on AWS in October 2026), DDB-TABLE-160, 162, 174, 359 and 442.
  const create = { Create: { IndexName: 'new', KeySchema: hash('g'), Projection: ALL } };
  it.each([
    [{}, NOTHING],
    [{ GlobalSecondaryIndexUpdates: [] }, NOTHING],
    [{ AttributeDefinitions: strings('g') }, NOTHING],
    [
      { GlobalSecondaryIndexUpdates: [], BillingMode: 'PAY_PER_REQUEST' },
      invalid('List of GlobalSecondaryIndexUpdates is empty'),
    ],
    [
      { BillingMode: 'PROVISIONED' },
      'One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
    ],
    [
      { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: units(1) },
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    ],
    [
      { ProvisionedThroughput: units(5) },
      'The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    ],
    [{ ProvisionedThroughput: units(1e12 + 1) }, 'Given value 1000000000001 for ReadCapacityUnits is out of bounds'],
    [
      { GlobalSecondaryIndexUpdates: [{}] },
      'One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    ],
    [
      { GlobalSecondaryIndexUpdates: [create, { Delete: { IndexName: 'new' } }] },
      'One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: new',
    ],
    [
      { GlobalSecondaryIndexUpdates: [{ ...create, Delete: { IndexName: 'old' } }] },
      invalid('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object'),
    ],
    [{ GlobalSecondaryIndexUpdates: [create] }, invalid('AttributeDefinitions is not specified for index: new')],
    [
      { AttributeDefinitions: strings('g'), GlobalSecondaryIndexUpdates: [create] },
      invalid('Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: new'),
    ],
    [
      { AttributeDefinitions: strings('h'), GlobalSecondaryIndexUpdates: [throughput(create)] },
      invalid(
        'Some index key attributes are not defined in AttributeDefinitions. Keys: [g], AttributeDefinitions: [pk, h]',
      ),
    ],
    [
      {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
        GlobalSecondaryIndexUpdates: [
          { Create: { ...throughput(create).Create, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] } },
        ],
      },
      invalid(
        'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ' +
          'Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: Schema:[SchemaElement: key{pk:N:HASH}]',
      ),
    ],
    [
      {
        AttributeDefinitions: strings('g'),
        GlobalSecondaryIndexUpdates: [throughput(create)],
        ProvisionedThroughput: units(9),
      },
      invalid('You cannot create or delete index while updating table IOPS'),
    ],
    [
      { DeletionProtectionEnabled: true, TableClass: 'STANDARD' },
      invalid('TableClass modification must be the only operation in the request'),
    ],
    [
      { DeletionProtectionEnabled: true, BillingMode: 'PAY_PER_REQUEST' },
      invalid('DeletionProtection modification must be the only operation in the request'),
    ],
    [
      { SSESpecification: { Enabled: true }, DeletionProtectionEnabled: true },
      invalid('Server-Side Encryption modification must be the only operation in the request'),
    ],
    [
      { OnDemandThroughput: { MaxReadRequestUnits: 9 }, ProvisionedThroughput: units(9) },
      invalid('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request'),
    ],
    [
      { WarmThroughput: { ReadUnitsPerSecond: 4 } },
      invalid(
        'Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, ' +
          'decreasing WarmThroughput is not supported',
      ),
    ],
  ])('refuses %j', async (more, message) => {
    await world.call('CreateTable', provisioned);
    const before = await world.call('DescribeTable', { TableName: 'made' });
    expect(await world.refusal('UpdateTable', { TableName: 'made', ...more })).toBe(message);
    expect(await world.call('DescribeTable', { TableName: 'made' })).toEqual(before);
  });

  // ack-api-quirks, DDB-TABLE-162: "unused, stale or type-conflicting entries are silently ignored elsewhere".
  it('looks at attribute definitions for a new index only', async () => {
    await world.call('CreateTable', provisioned);
    const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'N' }, ...strings('stale')];
    const described = await update({ AttributeDefinitions, ProvisionedThroughput: units(9) });
    expect(described.AttributeDefinitions).toEqual(strings('pk'));
  });

  // ScyllaDB test_warm_throughput.py.
  it('raises the warm throughput', async () => {
    await world.call('CreateTable', base);
    const warm = { ReadUnitsPerSecond: 12_240, WriteUnitsPerSecond: 4_000, Status: 'ACTIVE' };
    expect((await update({ WarmThroughput: { ReadUnitsPerSecond: 12_240 } })).WarmThroughput).toEqual(warm);
    expect((await world.call('DescribeTable', { TableName: 'made' })).Table.WarmThroughput).toEqual(warm);
  });

  it('tells local indexes from global ones', async () => {
    await world.call('CreateTable', INDEXED_TABLE);
    const refused = (GlobalSecondaryIndexUpdates: object[]) =>
      world.refusal('UpdateTable', { TableName: 'indexed', GlobalSecondaryIndexUpdates });
    expect(await refused([{ Delete: { IndexName: 'lsi' } }])).toBe(
      'Cannot delete an index that is not a GlobalSecondaryIndex: lsi',
    );
    expect(await refused([{ Update: { IndexName: 'gsi', ProvisionedThroughput: units(1) } }])).toBe(
      invalid(
        'The only Updates for index: gsi when TableThroughputMode is PAY_PER_REQUEST ' +
          'can be to OnDemandThroughput, WarmThroughput',
      ),
    );
  });

  it('makes or removes one index at a time', async () => {
    await world.call('CreateTable', INDEXED_TABLE);
    const updates = [{ Delete: { IndexName: 'gsi' } }, { Delete: { IndexName: 'gsi-all' } }];
    const request = { TableName: 'indexed', GlobalSecondaryIndexUpdates: updates };
    expect(await world.fails('UpdateTable', request)).toMatchObject({ code: 'LimitExceededException' });
  });
});
