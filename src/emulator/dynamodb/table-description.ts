import { partitionAttributes, sortAttributes } from './key.ts';
import type { Index, KeySchema, Table, Throughput } from './state.ts';
import { initialThroughput } from './warm-throughput.ts';

/** A table as operations on tables describe it (API reference, TableDescription); counts are those of this moment. */
export function describe(table: Table) {
  const indexes = (kind: Index['kind']) => {
    const described = table.indexes.filter((index) => index.kind === kind).map((index) => describeIndex(table, index));
    return described.length === 0 ? undefined : described;
  };
  return {
    // By name, whatever the order they were given in, as are an index's projected attributes.
    AttributeDefinitions: [...table.definitions]
      .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
      .sort((a, b) => (a.AttributeName < b.AttributeName ? -1 : 1)),
    TableName: table.name,
    KeySchema: describeKey(table.key),
    TableStatus: 'ACTIVE',
    CreationDateTime: table.createdAt / 1000,
    ProvisionedThroughput: describeThroughput(table.throughput),
    TableSizeBytes: table.bytes,
    ItemCount: table.items.size,
    TableArn: table.arn,
    TableId: table.id,
    BillingModeSummary: describeBilling(table),
    LocalSecondaryIndexes: indexes('local'),
    GlobalSecondaryIndexes: indexes('global'),
    OnDemandThroughput: table.onDemand,
    WarmThroughput: describeWarmThroughput(table.billing, table),
    DeletionProtectionEnabled: table.deletionProtection,
    TableClassSummary:
      table.tableClass === undefined
        ? undefined
        : { TableClass: table.tableClass, LastUpdateDateTime: seconds(table.tableClassChangedAt) },
    SSEDescription:
      table.encryptionKey === undefined
        ? undefined
        : { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.encryptionKey },
  };
}

/** CreateTable's answer tells the warm throughput that was asked for, and no other. */
export function describeNew(table: Table) {
  const { WarmThroughput, GlobalSecondaryIndexes, ...described } = describe(table);
  const asked = (name: string | undefined) => table.indexes.find((index) => index.name === name)?.warm !== undefined;
  return {
    ...described,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes?.map((index) =>
      asked(index.IndexName) ? index : { ...index, WarmThroughput: undefined },
    ),
    WarmThroughput: table.warm && WarmThroughput,
  };
}

/** DeleteTable's answer tells little of the table, and nothing of its keys and indexes. */
export function describeDeleted(table: Table) {
  const { TableName, ProvisionedThroughput, TableSizeBytes, ItemCount, TableArn, TableId, ...more } = describe(table);
  return {
    ...{ TableName, TableStatus: 'DELETING', ProvisionedThroughput, TableSizeBytes, ItemCount, TableArn, TableId },
    BillingModeSummary: more.BillingModeSummary,
    DeletionProtectionEnabled: more.DeletionProtectionEnabled,
  };
}

function describeIndex(table: Table, index: Index) {
  const { type, attributes } = index.projection;
  const description = {
    IndexName: index.name,
    KeySchema: describeKey(index.key),
    Projection: {
      ProjectionType: type,
      NonKeyAttributes: attributes.length === 0 ? undefined : [...attributes].sort(),
    },
    IndexSizeBytes: index.bytes,
    ItemCount: index.entries.size,
    IndexArn: `${table.arn}/index/${index.name}`,
  };
  if (index.kind === 'local') return description;
  return {
    ...description,
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: describeThroughput(index.throughput),
    OnDemandThroughput: index.onDemand,
    WarmThroughput: describeWarmThroughput(table.billing, index),
  };
}

function describeKey(key: KeySchema) {
  return [
    ...partitionAttributes(key).map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' })),
    ...sortAttributes(key).map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' })),
  ];
}

function describeThroughput(throughput: Throughput) {
  return {
    LastIncreaseDateTime: seconds(throughput.increasedAt),
    LastDecreaseDateTime: seconds(throughput.decreasedAt),
    NumberOfDecreasesToday: throughput.decreases,
    ReadCapacityUnits: throughput.read,
    WriteCapacityUnits: throughput.write,
  };
}

function describeBilling(table: Table) {
  if (table.onDemandSince === undefined) return undefined;
  return { BillingMode: table.billing, LastUpdateToPayPerRequestDateTime: table.onDemandSince / 1000 };
}

function describeWarmThroughput(billing: Table['billing'], { throughput, warm }: Pick<Table, 'throughput' | 'warm'>) {
  return { ...initialThroughput(billing, throughput, warm), Status: 'ACTIVE' };
}

function seconds(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at / 1000;
}
