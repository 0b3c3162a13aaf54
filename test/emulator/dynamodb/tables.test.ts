import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, dynamo, indexedTable, item, START } from './dynamo.ts';

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table';
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

const invalid = (detail: string) => `One or more parameter values were invalid: ${detail}`;

let world: Dynamo;
beforeEach(() => {
  world = dynamo();
});

// API reference, CreateTable, DescribeTable, DeleteTable, ListTables.
describe('tables', () => {
  it('are described as created, and active at once', async () => {
    const { TableDescription } = await world.call('CreateTable', {
      ...base,
      DeletionProtectionEnabled: true,
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    expect(TableDescription).toMatchObject({
      TableName: 'made',
      TableStatus: 'ACTIVE',
      AttributeDefinitions: strings('pk'),
      KeySchema: hash('pk'),
      CreationDateTime: START / 1000,
      TableArn: `${ARN}/made`,
      ItemCount: 0,
      TableSizeBytes: 0,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: { ...units(0), NumberOfDecreasesToday: 0 },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
    });
    expect(TableDescription.TableId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(TableDescription.WarmThroughput).toBeUndefined();
    expect((await world.call('DescribeTable', { TableName: `${ARN}/made` })).Table).toEqual({
      ...TableDescription,
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: 'ACTIVE' },
    });
  });

  // ScyllaDB test_warm_throughput.py; wording: ack-api-quirks, DDB-TABLE-442.
  it('may be made with more warm throughput than they need', async () => {
    const warm = { ReadUnitsPerSecond: 12_240, WriteUnitsPerSecond: 4_000 };
    const made = await world.call('CreateTable', { ...base, WarmThroughput: { ReadUnitsPerSecond: 12_240 } });
    expect(made.TableDescription.WarmThroughput).toEqual({ ...warm, Status: 'ACTIVE' });
    const low = {
      ...base,
      TableName: 'low',
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 3_999 },
    };
    expect(await world.refusal('CreateTable', low)).toMatch(
      /^One or more parameter values were invalid: Requested WriteUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand\. See: https:/,
    );
  });

  it('count their items and bytes', async () => {
    const indexed = await indexedTable();
    await indexed.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'a', sk: '1', gpk: 'g' }) });
    await indexed.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'a', sk: '2', lsk: 'lo' }) });
    const { Table } = await indexed.call('DescribeTable', { TableName: 'indexed' });
    expect(Table).toMatchObject({ ItemCount: 2, TableSizeBytes: 10 + 11 });
    expect(Table.GlobalSecondaryIndexes[0]).toMatchObject({
      IndexName: 'gsi',
      IndexStatus: 'ACTIVE',
      IndexArn: `${ARN}/indexed/index/gsi`,
      ItemCount: 1,
      IndexSizeBytes: 10,
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
    });
    expect(Table.LocalSecondaryIndexes[0]).toMatchObject({ IndexName: 'lsi', ItemCount: 1, IndexSizeBytes: 11 });
  });

  it('exist once, and are gone when deleted', async () => {
    await world.call('CreateTable', base);
    expect(await world.fails('CreateTable', base)).toMatchObject({
      code: 'ResourceInUseException',
      message: 'Table already exists: made',
    });
    await world.call('PutItem', { TableName: 'made', Item: item({ pk: 'x' }) });
    // dynalite test/deleteTable.js and the AWS CLI's example: neither keys nor indexes.
    const { TableDescription } = await world.call('DeleteTable', { TableName: 'made' });
    expect(TableDescription.TableStatus).toBe('DELETING');
    expect(Object.keys(JSON.parse(JSON.stringify(TableDescription))).sort()).toEqual([
      ...['BillingModeSummary', 'DeletionProtectionEnabled', 'ItemCount', 'ProvisionedThroughput'],
      ...['TableArn', 'TableId', 'TableName', 'TableSizeBytes', 'TableStatus'],
    ]);
    for (const operation of ['DescribeTable', 'DeleteTable', 'DescribeTimeToLive']) {
      expect(await world.fails(operation, { TableName: 'made' })).toMatchObject({
        code: 'ResourceNotFoundException',
        message: 'Requested resource not found: Table: made not found',
      });
    }
    await world.call('CreateTable', base);
    expect((await world.call('Scan', { TableName: 'made' })).Count).toBe(0);
  });

  it('cannot be deleted while they are protected', async () => {
    await world.call('CreateTable', { ...base, DeletionProtectionEnabled: true });
    expect(await world.refusal('DeleteTable', { TableName: 'made' })).toBe(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
    await world.call('UpdateTable', { TableName: 'made', DeletionProtectionEnabled: false });
    await world.call('DeleteTable', { TableName: 'made' });
  });

  it('are listed in order, page by page', async () => {
    for (const TableName of ['ccc', 'aaa', 'bbb', '__proto__']) await world.call('CreateTable', { ...base, TableName });
    expect(await world.call('ListTables')).toEqual({ TableNames: ['__proto__', 'aaa', 'bbb', 'ccc'] });
    const page = await world.call('ListTables', { Limit: 2, ExclusiveStartTableName: '__proto__' });
    expect(page).toEqual({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    const rest = await world.call('ListTables', { Limit: 2, ExclusiveStartTableName: 'bbb' });
    expect(rest).toEqual({ TableNames: ['ccc'] });
  });

  it('are worlds of their own in each region and account', async () => {
    await world.call('CreateTable', base);
    const elsewhere = { service: 'dynamodb', operation: 'ListTables', input: {} } as const;
    for (const scope of [
      { account: '000000000000', region: 'eu-west-1' },
      { account: '111111111111', region: 'us-east-1' },
    ]) {
      expect(await world.engine.call({ ...elsewhere, ...scope })).toEqual({ TableNames: [] });
    }
  });
});

describe('CreateTable refuses', () => {
  const gsi = { IndexName: 'gsi', KeySchema: hash('g'), Projection: ALL };
  const lsi = {
    IndexName: 'lsi',
    KeySchema: [...hash('pk'), { AttributeName: 'l', KeyType: 'RANGE' }],
    Projection: ALL,
  };
  const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });
  const sorted = { AttributeDefinitions: strings('pk', 'sk', 'l'), KeySchema: [...hash('pk'), range('sk')] };
  const indexed = { AttributeDefinitions: strings('pk', 'g') };

  it.each([
    [
      'no throughput',
      { BillingMode: undefined },
      invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED'),
    ],
    [
      'throughput on demand',
      { ProvisionedThroughput: units(1) },
      invalid('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST'),
    ],
    [
      'a key without definition',
      { KeySchema: hash('id') },
      invalid(
        'Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [pk]',
      ),
    ],
    [
      'more keys than definitions',
      { KeySchema: [...hash('pk'), range('pk')] },
      'Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      'one attribute for both keys',
      { AttributeDefinitions: strings('pk', 'sk'), KeySchema: [...hash('pk'), range('pk')] },
      'Both the Hash Key and the Range Key element in the KeySchema have the same name',
    ],
    [
      'a range key first',
      { KeySchema: [range('pk')] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'two hash keys',
      { AttributeDefinitions: strings('pk', 'sk'), KeySchema: [...hash('pk'), ...hash('sk')] },
      'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
    ],
    [
      'three keys',
      { AttributeDefinitions: strings('a', 'b', 'c'), KeySchema: [...hash('a'), range('b'), range('c')] },
      "1 validation error detected: Value '[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
    ],
    [
      'definitions that no key uses',
      { AttributeDefinitions: strings('pk', 'other') },
      invalid(
        'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
      ),
    ],
    [
      'definitions that no index uses',
      { AttributeDefinitions: strings('pk', 'g', 'other'), GlobalSecondaryIndexes: [gsi] },
      invalid('Some AttributeDefinitions are not used. AttributeDefinitions: [pk, g, other], keys used: [pk, g]'),
    ],
    [
      'an empty list of global indexes',
      { GlobalSecondaryIndexes: [] },
      invalid('List of GlobalSecondaryIndexes is empty'),
    ],
    [
      'an empty list of local indexes',
      { LocalSecondaryIndexes: [] },
      invalid('List of LocalSecondaryIndexes is empty'),
    ],
    [
      'a local index without a sort key in the table',
      { AttributeDefinitions: strings('pk', 'l'), LocalSecondaryIndexes: [lsi] },
      invalid('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex'),
    ],
    [
      'a local index without a sort key',
      { ...sorted, LocalSecondaryIndexes: [{ ...lsi, KeySchema: hash('pk') }] },
      invalid('Index KeySchema does not have a range key for index: lsi'),
    ],
    [
      'a local index of another partition key',
      { ...sorted, LocalSecondaryIndexes: [{ ...lsi, KeySchema: [...hash('l'), range('sk')] }] },
      invalid(
        'Index KeySchema does not have the same leading hash key as table KeySchema for index: lsi. index hash key: l, table hash key: pk',
      ),
    ],
    [
      'an index key without definition',
      { GlobalSecondaryIndexes: [gsi] },
      invalid(
        'Some index key attributes are not defined in AttributeDefinitions. Keys: [g], AttributeDefinitions: [pk]',
      ),
    ],
    [
      'two indexes of one name',
      { ...indexed, GlobalSecondaryIndexes: [gsi, gsi] },
      invalid('Duplicate index name: gsi'),
    ],
    [
      'an index without projection',
      { ...indexed, GlobalSecondaryIndexes: [{ ...gsi, Projection: {} }] },
      invalid('Unknown ProjectionType: null'),
    ],
    [
      'attributes that are not included',
      { ...indexed, GlobalSecondaryIndexes: [{ ...gsi, Projection: { ...ALL, NonKeyAttributes: ['x'] } }] },
      invalid('ProjectionType is ALL, but NonKeyAttributes is specified'),
    ],
    [
      'nothing included',
      { ...indexed, GlobalSecondaryIndexes: [{ ...gsi, Projection: { ProjectionType: 'INCLUDE' } }] },
      invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified'),
    ],
    [
      'throughput of an index on demand',
      { ...indexed, GlobalSecondaryIndexes: [{ ...gsi, ProvisionedThroughput: units(1) }] },
      invalid('ProvisionedThroughput should not be specified for index: gsi when BillingMode is PAY_PER_REQUEST'),
    ],
    [
      'an index without throughput',
      { ...indexed, BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1), GlobalSecondaryIndexes: [gsi] },
      invalid('ProvisionedThroughput is not specified for index: gsi'),
    ],
    [
      '21 global indexes',
      {
        ...indexed,
        GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, at) => ({ ...gsi, IndexName: `gsi${at}` })),
      },
      invalid('GlobalSecondaryIndex count exceeds the per-table limit of 20'),
    ],
    [
      '6 local indexes',
      { ...sorted, LocalSecondaryIndexes: Array.from({ length: 6 }, (_, at) => ({ ...lsi, IndexName: `lsi${at}` })) },
      invalid('Number of LocalSecondaryIndexes exceeds per-table limit of 5'),
    ],
    [
      'a stream',
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      'StreamSpecification (DynamoDB Streams) is not supported by the embedded engine',
    ],
  ])('%s', async (_, more, message) => {
    expect(await world.refusal('CreateTable', { ...base, ...more })).toBe(message);
    expect(await world.call('ListTables')).toEqual({ TableNames: [] });
  });
});

// Developer Guide, Adding tags and labels to resources.
describe('tags', () => {
  const ResourceArn = `${ARN}/made`;
  const tag = (Key: string) => ({ Key, Value: `value of ${Key}` });

  it('are added, replaced, listed in pages and removed', async () => {
    await world.call('CreateTable', { ...base, Tags: [tag('a')] });
    await world.call('TagResource', { ResourceArn, Tags: Array.from({ length: 14 }, (_, at) => tag(`t${at}`)) });
    await world.call('TagResource', { ResourceArn, Tags: [{ Key: 'a', Value: 'new' }] });
    const first = await world.call('ListTagsOfResource', { ResourceArn });
    expect(first.Tags).toHaveLength(10);
    expect(first.Tags[0]).toEqual({ Key: 'a', Value: 'new' });
    const second = await world.call('ListTagsOfResource', { ResourceArn, NextToken: first.NextToken });
    expect(second.Tags).toHaveLength(5);
    expect(second.NextToken).toBeUndefined();
    await world.call('UntagResource', {
      ResourceArn,
      TagKeys: ['a', 'nope', ...second.Tags.map(({ Key }: { Key: string }) => Key)],
    });
    expect((await world.call('ListTagsOfResource', { ResourceArn })).Tags).toHaveLength(9);
  });

  it('need a table, and are at most 50', async () => {
    await world.call('CreateTable', base);
    const Tags = Array.from({ length: 51 }, (_, at) => tag(`t${at}`));
    expect(await world.refusal('TagResource', { ResourceArn, Tags })).toBe(
      'Number of Tags exceed the current limit for the provided ResourceArn',
    );
    expect(await world.refusal('TagResource', { ResourceArn, Tags: [] })).toBe(
      'Atleast one Tag needs to be provided as Input.',
    );
    // Wording of this and of the following: ack-api-quirks, DDB-TABLE-442.
    const foreign = ResourceArn.replace('us-east-1', 'eu-west-1');
    for (const [arn, message] of [
      ['made', invalid("ARNs must start with 'arn:': made")],
      [
        'arn:aws:sqs:us-east-1:000000000000:made',
        invalid('Provided Arn is not a DynamoDB resource arn: arn:aws:sqs:us-east-1:000000000000:made'),
      ],
      [
        `${ResourceArn}/index/gsi`,
        invalid(
          `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${ResourceArn}/index/gsi`,
        ),
      ],
      [foreign, `Invalid TableArn: Invalid ResourceArn provided as input ${foreign}`],
    ] as const) {
      expect(await world.refusal('ListTagsOfResource', { ResourceArn: arn })).toBe(message);
    }
    for (const [tags, message] of [
      [[tag('d%g"!')], 'The Tag Key provided is invalid, Key: d%g"!'],
      [[{ Key: 'k', Value: 'v!' }], 'The Tag Value provided is invalid, Value: v!'],
      [[tag('aws:x')], 'Tag Key cannot be prefixed with aws:, Key: aws:x'],
      [[tag('k'), tag('k')], 'Duplicate Tag Keys provided as input: Duplicate Tag Key found k'],
    ] as const) {
      expect(await world.refusal('TagResource', { ResourceArn, Tags: tags })).toBe(message);
    }
    await world.call('TagResource', { ResourceArn, Tags: [tag('Größe 1+2=3.a_b:/@-')] });
    expect(await world.fails('ListTagsOfResource', { ResourceArn: `${ARN}/nowhere` })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Requested resource not found: ResourcArn: ${ARN}/nowhere not found`,
    });
  });
});

it('describes limits, endpoints and backups, which programs ask for', async () => {
  await world.call('CreateTable', base);
  expect(await world.call('DescribeLimits')).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
  expect(await world.call('DescribeEndpoints')).toEqual({
    Endpoints: [{ Address: '127.0.0.1:4566', CachePeriodInMinutes: 1440 }],
  });
  expect(await world.call('DescribeContinuousBackups', { TableName: 'made' })).toEqual({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  });
  expect(await world.fails('DescribeContinuousBackups', { TableName: 'nowhere' })).toMatchObject({
    code: 'TableNotFoundException',
    message: 'Table not found: nowhere',
  });
});
