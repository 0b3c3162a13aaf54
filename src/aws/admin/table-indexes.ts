import {
  type AttributeDefinition,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Resource } from '../../shop/stack/resources.ts';

/** Partition key, then sort key. */
export type Keys = readonly string[];

export const keySchema = (keys: Keys): KeySchemaElement[] =>
  keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

export function keysOf(schema: readonly KeySchemaElement[] | undefined): string[] {
  const ordered = [...(schema ?? [])].sort((one, other) => one.KeyType!.localeCompare(other.KeyType!));
  return ordered.map(({ AttributeName }) => AttributeName!);
}

/** Every key of the program is a string. */
export const keyAttributes = (all: readonly Keys[]): AttributeDefinition[] =>
  [...new Set(all.flat())].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

export const indexDefinitions = (indexes: Record<string, Keys>): GlobalSecondaryIndex[] =>
  Object.entries(indexes).map(([IndexName, keys]) => ({
    IndexName,
    KeySchema: keySchema(keys),
    Projection: { ProjectionType: 'ALL' },
  }));

/** One change at a time, as DynamoDB asks for (UpdateTable), each waited for. */
export async function updateIndexes(
  db: DynamoDBClient,
  { name: TableName, attributes }: Resource,
  table: TableDescription,
  changed: ReadonlySet<string>,
  untilActive: () => Promise<unknown>,
): Promise<void> {
  if (changed.has('billing')) {
    await db.send(new UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
    await untilActive();
  }
  const wanted = attributes.indexes as Record<string, Keys>;
  const existing = new Map(
    (table.GlobalSecondaryIndexes ?? []).map((each) => [each.IndexName, keysOf(each.KeySchema)]),
  );
  for (const definition of indexDefinitions(wanted)) {
    const { IndexName } = definition;
    const keys = wanted[IndexName!]!;
    const found = existing.get(IndexName)?.join();
    if (found === keys.join()) continue;
    if (found !== undefined) {
      const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
      await db.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
      await untilActive();
    }
    const GlobalSecondaryIndexUpdates = [{ Create: definition }];
    const AttributeDefinitions = keyAttributes([attributes.key as Keys, ...Object.values(wanted)]);
    await db.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }));
    await untilActive();
  }
}
