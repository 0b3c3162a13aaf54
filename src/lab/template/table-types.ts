import type { Attributes, Value } from '../../topology/resources.ts';
import { TemplateFault } from './fault.ts';
import type { Built, Outcome } from './made.ts';
import { type ResourceType, TAGS } from './resource-type.ts';
import type { Shape } from './shape.ts';
import { at } from './value.ts';

const KEYS: Shape = [{ AttributeName: 'text', KeyType: 'text' }];
const UNITS: Shape = { ReadCapacityUnits: 'number', WriteCapacityUnits: 'number' };
const INDEX = {
  IndexName: 'text',
  KeySchema: KEYS,
  Projection: { ProjectionType: 'text', NonKeyAttributes: ['text'] },
} as const satisfies Shape;
const GLOBAL_INDEX: Shape = {
  ...INDEX,
  ...{ ProvisionedThroughput: 'ignored', OnDemandThroughput: 'ignored', WarmThroughput: 'ignored' },
  ...{ ContributorInsightsSpecification: 'ignored', ReadProvisionedThroughputSettings: 'ignored' },
  ...{ WriteProvisionedThroughputSettings: 'ignored', WriteOnDemandThroughputSettings: 'ignored' },
};

const SHARED: { readonly [name: string]: Shape } = {
  TableName: 'text',
  AttributeDefinitions: [{ AttributeName: 'text', AttributeType: 'text' }],
  KeySchema: KEYS,
  BillingMode: 'text',
  GlobalSecondaryIndexes: [GLOBAL_INDEX],
  LocalSecondaryIndexes: [INDEX],
  TimeToLiveSpecification: { AttributeName: 'text', Enabled: 'flag' },
  ...{ SSESpecification: 'ignored', WarmThroughput: 'ignored' },
};

const table: ResourceType = {
  about: 'a table; each index has the throughput of its table',
  required: ['KeySchema'],
  properties: {
    ...SHARED,
    ProvisionedThroughput: UNITS,
    ...{ PointInTimeRecoverySpecification: 'ignored', DeletionProtectionEnabled: 'ignored', TableClass: 'ignored' },
    ...{ ContributorInsightsSpecification: 'ignored', OnDemandThroughput: 'ignored', Tags: TAGS },
  },
  build: buildTable,
};

/** What CDK makes of `TableV2`. */
const globalTable: ResourceType = {
  about: 'a table in this region alone; billing on demand',
  required: ['KeySchema'],
  properties: { ...SHARED, Replicas: 'ignored', WriteOnDemandThroughputSettings: 'ignored' },
  build: (built) => buildTable({ ...built, properties: { ...built.properties, BillingMode: 'PAY_PER_REQUEST' } }),
};

interface Index {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  Projection?: { ProjectionType?: string; NonKeyAttributes?: string[] };
}

function buildTable({ name, path, properties, tags }: Built): Outcome {
  const definitions = (properties.AttributeDefinitions ?? []) as { AttributeName: string; AttributeType: string }[];
  const types = new Map(definitions.map((each) => [each.AttributeName, each.AttributeType]));
  const keysOf = (schema: Index['KeySchema'], where: string): string[] => {
    const ordered = [...schema].sort((one, other) => (one.KeyType < other.KeyType ? -1 : 1));
    return ordered.map(({ AttributeName }) => {
      const type = types.get(AttributeName);
      if (type === undefined) throw new TemplateFault(where, `AttributeDefinitions do not have ${AttributeName}`);
      return type === 'S' ? AttributeName : `${AttributeName} (${type})`;
    });
  };
  const indexes = (property: string): Attributes => {
    const listed = (properties[property] ?? []) as unknown as Index[];
    const where = at(path, property);
    return Object.fromEntries(
      listed.map((index) => [index.IndexName, indexOf(keysOf(index.KeySchema, where), index.Projection)]),
    );
  };
  const local = indexes('LocalSecondaryIndexes');
  const attributes = {
    key: keysOf(properties.KeySchema as unknown as Index['KeySchema'], at(path, 'KeySchema')),
    indexes: indexes('GlobalSecondaryIndexes'),
    ...(Object.keys(local).length > 0 && { local_indexes: local }),
    ...billing(properties, path),
    ...expiry(properties),
    status: 'ACTIVE',
    tags,
  };
  return { desired: { kind: 'table', name, attributes } };
}

function indexOf(keys: string[], projection: Index['Projection'] = {}): Value {
  const { ProjectionType = 'ALL', NonKeyAttributes = [] } = projection;
  if (ProjectionType === 'ALL') return keys;
  return { keys, projection: ProjectionType === 'INCLUDE' ? [...NonKeyAttributes].sort() : ProjectionType };
}

/** Provisioned is CloudFormation's default, and wants its throughput said. */
function billing({ BillingMode, ProvisionedThroughput: units }: Built['properties'], path: string): Attributes {
  if (BillingMode === 'PAY_PER_REQUEST') return { billing: BillingMode };
  if (units === undefined)
    throw new TemplateFault(path, 'needs ProvisionedThroughput, or BillingMode: PAY_PER_REQUEST');
  const { ReadCapacityUnits, WriteCapacityUnits } = units as { [name: string]: number };
  return { billing: 'PROVISIONED', throughput: { read: ReadCapacityUnits ?? 0, write: WriteCapacityUnits ?? 0 } };
}

function expiry({ TimeToLiveSpecification: given }: Built['properties']): Attributes {
  const { AttributeName, Enabled } = (given ?? {}) as { AttributeName?: string; Enabled?: boolean };
  return AttributeName !== undefined && Enabled !== false ? { ttl: AttributeName } : {};
}

export const TABLE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': globalTable,
};
