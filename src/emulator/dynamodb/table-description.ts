import { keyAttributes } from './key.ts';
import type { Index, KeySchema, Table, Throughput } from './state.ts';

/** A table as operations on tables describe it (API reference, TableDescription); counts are those of this moment. */
export function describe(table: Table, status = 'ACTIVE') {
  const indexes = (kind: Index['kind']) => {
    const described = table.indexes
      .filter((index) => index.kind === kind)
      .map((index) => describeIndex(table, index, status));
    return described.length === 0 ? undefined : described;
  };
  return {
    AttributeDefinitions: [...table.definitions].map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    TableName: table.name,
    KeySchema: describeKey(table.key),
    TableStatus: status,
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
    WarmThroughput: describeWarmThroughput(table),
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

function describeIndex(table: Table, index: Index, status: string) {
  const { type, attributes } = index.projection;
  const description = {
    IndexName: index.name,
    KeySchema: describeKey(index.key),
    Projection: { ProjectionType: type, NonKeyAttributes: attributes.length === 0 ? undefined : attributes },
    IndexSizeBytes: index.bytes,
    ItemCount: index.entries.size,
    IndexArn: `${table.arn}/index/${index.name}`,
  };
  if (index.kind === 'local') return description;
  return {
    ...description,
    IndexStatus: status,
    ProvisionedThroughput: describeThroughput(index.throughput),
    OnDemandThroughput: index.onDemand,
    WarmThroughput: describeWarmThroughput({ ...table, throughput: index.throughput }),
  };
}

function describeKey(key: KeySchema) {
  return keyAttributes(key).map(({ name }, at) => ({ AttributeName: name, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
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

/** A new on-demand table can serve 12,000 reads and 4,000 writes a second (Developer Guide, Warm throughput). */
function describeWarmThroughput({ billing, throughput }: Pick<Table, 'billing' | 'throughput'>) {
  const onDemand = billing === 'PAY_PER_REQUEST';
  return {
    ReadUnitsPerSecond: onDemand ? 12_000 : throughput.read,
    WriteUnitsPerSecond: onDemand ? 4_000 : throughput.write,
    Status: 'ACTIVE',
  };
}

function seconds(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at / 1000;
}
