import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  ProjectionType,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Attributes, Resource, Value } from '../../topology/resources.ts';
import type { Call } from '../call.ts';

/** Partition key, then sort key: `order_id`, or `created_at (N)` where it is no string. */
export type Keys = readonly string[];

/** The keys alone where the index holds whole items. `projection` is KEYS_ONLY, or the names of what it holds beside keys. */
export type Index = Keys | { readonly keys: Keys; readonly projection: string | readonly string[] };

const TYPED = / \(([NB])\)$/;
const nameOf = (key: string) => key.replace(TYPED, '');

export const keySchema = (keys: Keys): KeySchemaElement[] =>
  keys.map((key, index) => ({ AttributeName: nameOf(key), KeyType: index === 0 ? 'HASH' : 'RANGE' }));

export function keysOf(
  schema: readonly KeySchemaElement[] | undefined,
  definitions: readonly AttributeDefinition[] | undefined,
): string[] {
  const ordered = [...(schema ?? [])].sort((one, other) => one.KeyType!.localeCompare(other.KeyType!));
  return ordered.map(({ AttributeName }) => {
    const type = definitions?.find((each) => each.AttributeName === AttributeName)?.AttributeType ?? 'S';
    return type === 'S' ? AttributeName! : `${AttributeName} (${type})`;
  });
}

export function keyAttributes({ key, indexes, local_indexes = {} }: Attributes): AttributeDefinition[] {
  const all = [key as Keys, ...[...Object.values(indexes!), ...Object.values(local_indexes)].map(indexKeys)];
  const types = new Map(all.flat().map((each) => [nameOf(each), (TYPED.exec(each)?.[1] ?? 'S') as 'S']));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

export const indexKeys = (index: Index): Keys => ('projection' in index ? index.keys : index);

/** Of a table with provisioned throughput, each index has the table's. */
export const indexDefinitions = (indexes: unknown, throughput?: Value): GlobalSecondaryIndex[] =>
  Object.entries(indexes as Record<string, Index>).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: keySchema(indexKeys(index)),
    Projection: projectionOf(index),
    ...(throughput !== undefined && { ProvisionedThroughput: provisioned(throughput) }),
  }));

function projectionOf(index: Index) {
  if (!('projection' in index)) return { ProjectionType: 'ALL' as const };
  const { projection } = index;
  if (typeof projection === 'string') return { ProjectionType: projection as ProjectionType };
  return { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...projection] };
}

export function indexOf(
  { KeySchema, Projection }: GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription,
  definitions: readonly AttributeDefinition[] | undefined,
): Index {
  const keys = keysOf(KeySchema, definitions);
  const { ProjectionType = 'ALL', NonKeyAttributes = [] } = Projection ?? {};
  if (ProjectionType === 'ALL') return keys;
  return { keys, projection: ProjectionType === 'INCLUDE' ? [...NonKeyAttributes].sort() : ProjectionType };
}

export function provisioned(throughput: Value) {
  const { read, write } = throughput as { read: number; write: number };
  return { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

export function billingOf({ billing, throughput }: Attributes) {
  return {
    BillingMode: billing as 'PROVISIONED',
    ...(throughput !== undefined && { ProvisionedThroughput: provisioned(throughput) }),
  };
}

/** One change at a time, as DynamoDB asks for (UpdateTable), each waited for. */
export async function updateIndexes(
  call: Call,
  { name: TableName, attributes }: Resource,
  table: TableDescription,
  changed: ReadonlySet<string>,
  untilActive: () => Promise<unknown>,
): Promise<void> {
  if (changed.has('billing') || changed.has('throughput')) {
    await call('dynamodb', 'UpdateTable', { TableName, ...billingOf(attributes) });
    await untilActive();
  }
  const existing = new Map(
    (table.GlobalSecondaryIndexes ?? []).map((each) => [
      each.IndexName,
      JSON.stringify(indexOf(each, table.AttributeDefinitions)),
    ]),
  );
  for (const definition of indexDefinitions(attributes.indexes, attributes.throughput)) {
    const { IndexName } = definition;
    const found = existing.get(IndexName);
    if (found === JSON.stringify(indexOf(definition, keyAttributes(attributes)))) continue;
    if (found !== undefined) {
      const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName } }];
      await call('dynamodb', 'UpdateTable', { TableName, GlobalSecondaryIndexUpdates });
      await untilActive();
    }
    const GlobalSecondaryIndexUpdates = [{ Create: definition }];
    const AttributeDefinitions = keyAttributes(attributes);
    await call('dynamodb', 'UpdateTable', { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
    await untilActive();
  }
}
