import { invalidParameters, validationError } from './errors.ts';
import { keyAttributes } from './key.ts';
import { type KeySchemaElement, keySchemaOf } from './key-schema.ts';
import type { Index, KeySchema, KeyType, OnDemandThroughput, Throughput, WarmThroughput } from './state.ts';
import { createTree } from './tree.ts';
import { checkNewWarmThroughput, type ThroughputInput } from './warm-throughput.ts';

export interface AttributeDefinition {
  AttributeName: string;
  AttributeType: KeyType;
}

export interface IndexInput {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection: { ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
  ProvisionedThroughput?: ThroughputInput;
  OnDemandThroughput?: OnDemandThroughput;
  WarmThroughput?: WarmThroughput;
}

/** Quotas (Developer Guide): indexes of a table, and attributes that all its INCLUDE projections list together. */
const MOST_LOCAL_INDEXES = 5;
const MOST_GLOBAL_INDEXES = 20;
const MOST_PROJECTED_ATTRIBUTES = 100;
const MOST_CAPACITY = 1_000_000_000_000;

export function definitionsOf(definitions: readonly AttributeDefinition[]): Map<string, KeyType> {
  const types = new Map<string, KeyType>();
  for (const { AttributeName, AttributeType } of definitions) {
    if (types.has(AttributeName)) {
      throw validationError(`Attribute Name is duplicated: ${AttributeName}`);
    }
    types.set(AttributeName, AttributeType);
  }
  return types;
}

export function checkAllUsed(
  definitions: ReadonlyMap<string, KeyType>,
  key: KeySchema,
  indexes: readonly Index[],
): void {
  const used = usedAttributes(key, indexes);
  if (definitions.size === used.size) return;
  if (indexes.length === 0) {
    throw invalidParameters(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  throw invalidParameters(
    'Some AttributeDefinitions are not used. ' +
      `AttributeDefinitions: [${[...definitions.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}

export function usedAttributes(key: KeySchema, indexes: readonly Index[]): Set<string> {
  return new Set(
    [key, ...indexes.map((index) => index.key)].flatMap((used) => keyAttributes(used)).map(({ name }) => name),
  );
}

export function localIndexes(
  inputs: readonly IndexInput[] | undefined,
  key: KeySchema,
  definitions: ReadonlyMap<string, KeyType>,
): Index[] {
  if (inputs === undefined) return [];
  if (inputs.length === 0) throw invalidParameters('List of LocalSecondaryIndexes is empty');
  if (key.sort === undefined) {
    throw invalidParameters(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  const indexes = inputs.map((input) => {
    const index = indexOf('local', input, definitions);
    if (index.key.sort === undefined) {
      throw invalidParameters(`Index KeySchema does not have a range key for index: ${index.name}`);
    }
    if (index.key.partition.name !== key.partition.name) {
      throw invalidParameters(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.name}. ` +
          `index hash key: ${index.key.partition.name}, table hash key: ${key.partition.name}`,
      );
    }
    return index;
  });
  if (indexes.length > MOST_LOCAL_INDEXES) {
    throw invalidParameters('Number of LocalSecondaryIndexes exceeds per-table limit of 5');
  }
  return indexes;
}

export function globalIndex(
  input: IndexInput,
  definitions: ReadonlyMap<string, KeyType>,
  billing: 'PROVISIONED' | 'PAY_PER_REQUEST',
): Index {
  const index = indexOf('global', input, definitions);
  if (billing === 'PAY_PER_REQUEST' && input.ProvisionedThroughput !== undefined) {
    throw invalidParameters(
      `ProvisionedThroughput should not be specified for index: ${index.name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billing === 'PROVISIONED' && input.ProvisionedThroughput === undefined) {
    throw invalidParameters(`ProvisionedThroughput is not specified for index: ${index.name}`);
  }
  checkNewWarmThroughput(`index ${index.name}`, input.WarmThroughput, billing, input.ProvisionedThroughput);
  return { ...index, throughput: throughputOf(input.ProvisionedThroughput), warm: input.WarmThroughput };
}

/** Checks that hold for all indexes of a table together. */
export function checkIndexes(indexes: readonly Index[]): void {
  const names = new Set<string>();
  for (const { name } of indexes) {
    if (names.has(name)) throw invalidParameters(`Duplicate index name: ${name}`);
    names.add(name);
  }
  if (indexes.filter(({ kind }) => kind === 'global').length > MOST_GLOBAL_INDEXES) {
    throw invalidParameters('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
  const projected = indexes.reduce((count, { projection }) => count + projection.attributes.length, 0);
  if (projected > MOST_PROJECTED_ATTRIBUTES) {
    throw invalidParameters('The number of projected attributes exceeds the per-table limit of 100');
  }
}

function indexOf(kind: Index['kind'], input: IndexInput, definitions: ReadonlyMap<string, KeyType>): Index {
  const { ProjectionType: type, NonKeyAttributes } = input.Projection;
  const key = keySchemaOf(input.KeySchema, definitions, kind);
  if (type === undefined) throw invalidParameters('Unknown ProjectionType: null');
  if (type !== 'INCLUDE' && NonKeyAttributes !== undefined) {
    throw invalidParameters(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (type === 'INCLUDE' && NonKeyAttributes === undefined) {
    throw invalidParameters('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  const repeated = NonKeyAttributes?.find((name, at) => NonKeyAttributes.indexOf(name) < at);
  if (repeated !== undefined) throw invalidParameters(`Duplicate element in NonKeyAttributes: ${repeated}`);
  return {
    name: input.IndexName,
    kind,
    key,
    projection: { type, attributes: [...(NonKeyAttributes ?? [])] },
    throughput: throughputOf(undefined),
    onDemand: input.OnDemandThroughput,
    entries: createTree(),
    bytes: 0,
  };
}

export function throughputOf(input: ThroughputInput | undefined): Throughput {
  checkBounds(input);
  return {
    read: input?.ReadCapacityUnits ?? 0,
    write: input?.WriteCapacityUnits ?? 0,
    increasedAt: undefined,
    decreasedAt: undefined,
    decreases: 0,
  };
}

export function checkBounds(input: ThroughputInput | undefined): void {
  for (const unit of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    const value = input?.[unit] ?? 0;
    if (value > MOST_CAPACITY) throw validationError(`Given value ${value} for ${unit} is out of bounds`);
  }
}
