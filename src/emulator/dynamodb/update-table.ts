import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { type EncryptionInput, encryptionKeyOf, type RefusedParameters, refuseUnsupported } from './create-table.ts';
import { invalidParameters, validationError } from './errors.ts';
import { replaceIndexEntry } from './item-store.ts';
import type { DynamoState, Index, OnDemandThroughput, Table, Throughput } from './state.ts';
import { namedTable } from './table-access.ts';
import {
  type AttributeDefinition,
  checkBounds,
  checkIndexes,
  definitionsOf,
  globalIndex,
  type IndexInput,
  type ThroughputInput,
  usedAttributes,
} from './table-definition.ts';
import { describe } from './table-description.ts';
import { walkTree } from './tree.ts';

interface IndexUpdate {
  Create?: IndexInput;
  Update?: { IndexName: string; ProvisionedThroughput?: ThroughputInput; OnDemandThroughput?: OnDemandThroughput };
  Delete?: { IndexName: string };
}

interface UpdateTableInput extends RefusedParameters {
  TableName: string;
  AttributeDefinitions?: AttributeDefinition[];
  BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  ProvisionedThroughput?: ThroughputInput;
  OnDemandThroughput?: OnDemandThroughput;
  GlobalSecondaryIndexUpdates?: IndexUpdate[];
  SSESpecification?: EncryptionInput;
  TableClass?: string;
  DeletionProtectionEnabled?: boolean;
}

/** UpdateTable (API reference). What is checked is checked before anything changes; changes are done at once. */
export function updateTable(context: Context<DynamoState>, input: UpdateTableInput) {
  refuseUnsupported(input);
  refuseNothing(input);
  const table = namedTable(context, input.TableName);
  const next = { ...table, indexes: table.indexes.map((index) => ({ ...index })) };
  updateBilling(context, next, input);
  updateIndexes(context, next, input);
  if (input.OnDemandThroughput !== undefined) next.onDemand = input.OnDemandThroughput;
  if (input.DeletionProtectionEnabled !== undefined) next.deletionProtection = input.DeletionProtectionEnabled;
  if (input.SSESpecification !== undefined) next.encryptionKey = encryptionKeyOf(context, input.SSESpecification);
  if (input.TableClass !== undefined) {
    next.tableClass = input.TableClass;
    next.tableClassChangedAt = context.now;
  }
  context.state.tables.set(table.name, next);
  return { TableDescription: describe(next) };
}

function refuseNothing(input: UpdateTableInput): void {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const others = [
    input.ProvisionedThroughput,
    input.BillingMode,
    input.SSESpecification,
    input.TableClass,
    input.DeletionProtectionEnabled,
    input.OnDemandThroughput,
    input.StreamSpecification,
  ];
  if (updates.length > 0 || others.some((parameter) => parameter !== undefined)) return;
  throw validationError(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or ' +
      'SSESpecification or ReplicaUpdates is required',
  );
}

function updateBilling(context: Context<DynamoState>, table: Table, input: UpdateTableInput): void {
  const wasOnDemand = table.billing === 'PAY_PER_REQUEST';
  const billing = input.BillingMode ?? table.billing;
  if (input.BillingMode === 'PROVISIONED' && input.ProvisionedThroughput === undefined) {
    throw invalidParameters('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (billing === 'PAY_PER_REQUEST' && input.ProvisionedThroughput !== undefined) {
    throw invalidParameters(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  table.billing = billing;
  if (input.ProvisionedThroughput !== undefined) {
    table.throughput = changedThroughput(context, table.throughput, input.ProvisionedThroughput);
  }
  if (billing === 'PAY_PER_REQUEST' && !wasOnDemand) {
    table.onDemandSince = context.now;
    table.throughput = { ...table.throughput, read: 0, write: 0 };
    for (const index of table.indexes) index.throughput = { ...index.throughput, read: 0, write: 0 };
  }
  if (billing === 'PROVISIONED' && wasOnDemand) refuseUnprovisionedIndexes(table, input);
}

function refuseUnprovisionedIndexes(table: Table, input: UpdateTableInput): void {
  const updated = new Set(
    (input.GlobalSecondaryIndexUpdates ?? []).map(({ Update, Delete }) => (Update ?? Delete)?.IndexName),
  );
  const missing = table.indexes.filter(({ kind, name }) => kind === 'global' && !updated.has(name));
  if (missing.length > 0) {
    throw invalidParameters(
      `ProvisionedThroughput must be specified for index: ${missing.map(({ name }) => name).join(',')}`,
    );
  }
}

function changedThroughput(context: Context<DynamoState>, current: Throughput, input: ThroughputInput): Throughput {
  checkBounds(input);
  const read = input.ReadCapacityUnits ?? current.read;
  const write = input.WriteCapacityUnits ?? current.write;
  if (read === current.read && write === current.write) {
    throw validationError(
      'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
        `Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${read}. ` +
        `Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${write}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  }
  const decreases = read < current.read || write < current.write;
  return {
    read,
    write,
    increasedAt: read > current.read || write > current.write ? context.now : current.increasedAt,
    decreasedAt: decreases ? context.now : current.decreasedAt,
    decreases: current.decreases + (decreases ? 1 : 0),
  };
}

function updateIndexes(context: Context<DynamoState>, table: Table, input: UpdateTableInput): void {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  checkUpdates(updates);
  table.definitions = mergedDefinitions(table, input.AttributeDefinitions ?? []);
  for (const { Create, Update, Delete } of updates) {
    if (Create !== undefined) addIndex(table, Create);
    else if (Delete !== undefined) {
      const removed = globalIndexNamed(table, Delete.IndexName);
      table.indexes = table.indexes.filter((index) => index !== removed);
    } else {
      const index = globalIndexNamed(table, Update!.IndexName);
      if (Update!.ProvisionedThroughput !== undefined) {
        index.throughput = changedThroughput(context, index.throughput, Update!.ProvisionedThroughput);
      }
      index.onDemand = Update!.OnDemandThroughput ?? index.onDemand;
    }
  }
  const used = usedAttributes(table.key, table.indexes);
  table.definitions = new Map([...table.definitions].filter(([name]) => used.has(name)));
}

function checkUpdates(updates: readonly IndexUpdate[]): void {
  const names = new Set<string>();
  for (const { Create, Update, Delete } of updates) {
    const name = (Create ?? Update ?? Delete)?.IndexName;
    if (name === undefined) {
      throw invalidParameters(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (names.has(name)) {
      throw invalidParameters(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    }
    names.add(name);
  }
  if (updates.filter(({ Update }) => Update === undefined).length > 1) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
}

function mergedDefinitions(table: Table, added: readonly AttributeDefinition[]): Table['definitions'] {
  const merged = new Map(table.definitions);
  for (const [name, type] of definitionsOf(added)) {
    if ((merged.get(name) ?? type) !== type) {
      throw invalidParameters(`Cannot change the type of attribute ${name} from ${merged.get(name)} to ${type}`);
    }
    merged.set(name, type);
  }
  return merged;
}

function globalIndexNamed(table: Table, name: string): Index {
  const index = table.indexes.find((candidate) => candidate.kind === 'global' && candidate.name === name);
  if (index === undefined) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
  }
  return index;
}

/** Fills the new index with what the table has; items whose attributes are of another type stay out of it. */
function addIndex(table: Table, input: IndexInput): void {
  if (table.indexes.some(({ name }) => name === input.IndexName)) {
    throw validationError(`Attempting to create an index which already exists: ${input.IndexName}`);
  }
  const index = globalIndex(input, table.definitions, table.billing);
  table.indexes = [...table.indexes, index];
  checkIndexes(table.indexes);
  walkTree(table.items, { low: undefined, high: undefined }, false, (_, stored) => {
    replaceIndexEntry(table, index, undefined, stored);
    return true;
  });
}
