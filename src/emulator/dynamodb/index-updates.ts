import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { invalidParameters, validationError } from './errors.ts';
import { replaceIndexEntry } from './item-store.ts';
import { keyAttributes, partitionAttributes } from './key.ts';
import { walkStored } from './packed-item.ts';
import type { DynamoState, Index, OnDemandThroughput, Table, Throughput, WarmThroughput } from './state.ts';
import {
  type AttributeDefinition,
  checkBounds,
  checkIndexes,
  definitionsOf,
  globalIndex,
  type IndexInput,
  usedAttributes,
} from './table-definition.ts';
import { initialThroughput, raisedWarmThroughput, type ThroughputInput } from './warm-throughput.ts';

export interface IndexUpdate {
  Create?: IndexInput;
  Update?: {
    IndexName: string;
    ProvisionedThroughput?: ThroughputInput;
    OnDemandThroughput?: OnDemandThroughput;
    WarmThroughput?: WarmThroughput;
  };
  Delete?: { IndexName: string };
}

export interface IndexUpdatesInput {
  AttributeDefinitions?: AttributeDefinition[];
  GlobalSecondaryIndexUpdates?: IndexUpdate[];
}

export function updateIndexes(context: Context<DynamoState>, table: Table, input: IndexUpdatesInput): void {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  checkUpdates(updates);
  for (const { Create, Update, Delete } of updates) {
    if (Create !== undefined) addIndex(table, Create, input.AttributeDefinitions ?? []);
    else if (Update !== undefined) updateIndex(context, table, Update);
    else {
      const removed = globalIndexNamed(table, Delete!.IndexName, 'delete');
      table.indexes = table.indexes.filter((index) => index !== removed);
    }
  }
  const used = usedAttributes(table.key, table.indexes);
  table.definitions = new Map([...table.definitions].filter(([name]) => used.has(name)));
}

function checkUpdates(updates: readonly IndexUpdate[]): void {
  const names = new Set<string>();
  for (const { Create, Update, Delete } of updates) {
    const [action, another] = [Create, Update, Delete].filter((given) => given !== undefined);
    if (action === undefined) {
      throw invalidParameters(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (another !== undefined) {
      throw invalidParameters(
        'Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object',
      );
    }
    const name = action.IndexName;
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

/** Definitions count for a new index only: what comes with another change is not looked at. */
function mergedDefinitions(table: Table, input: IndexInput, added: Table['definitions']): Table['definitions'] {
  const merged = new Map([...table.definitions, ...added]);
  for (const [name, type] of added) {
    if ((table.definitions.get(name) ?? type) !== type) throw redefined(table, name, input, merged);
  }
  return merged;
}

/** The wording is AWS's own (ScyllaDB, test/alternator/test_gsi_updatetable.py, which runs on both). */
function redefined(table: Table, name: string, input: IndexInput, types: Table['definitions']): Error {
  const keys = [table.key, ...table.indexes.map(({ key }) => key)];
  const existing = keys.find((key) => keyAttributes(key).some((attribute) => attribute.name === name)) ?? table.key;
  const partitions = new Set(partitionAttributes(existing).map((attribute) => attribute.name));
  const before = keyAttributes(existing).map((attribute) =>
    shownElement(attribute.name, attribute.type, partitions.has(attribute.name) ? 'HASH' : 'RANGE'),
  );
  const after = input.KeySchema.map(({ AttributeName, KeyType }) =>
    shownElement(AttributeName, types.get(AttributeName) ?? '', KeyType),
  );
  return invalidParameters(
    'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ' +
      `Existing schema: Schema:[${before.join(', ')}] New schema: Schema:[${after.join(', ')}]`,
  );
}

const shownElement = (name: string, type: string, role: string) => `SchemaElement: key{${name}:${type}:${role}}`;

function globalIndexNamed(table: Table, name: string, verb: 'update' | 'delete'): Index {
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
  }
  if (index.kind === 'global') return index;
  throw validationError(`Cannot ${verb} an index that is not a GlobalSecondaryIndex: ${name}`);
}

function updateIndex(context: Context<DynamoState>, table: Table, update: NonNullable<IndexUpdate['Update']>): void {
  const index = globalIndexNamed(table, update.IndexName, 'update');
  if (update.ProvisionedThroughput !== undefined) {
    if (table.billing === 'PAY_PER_REQUEST') {
      throw invalidParameters(
        `The only Updates for index: ${index.name} when TableThroughputMode is PAY_PER_REQUEST ` +
          'can be to OnDemandThroughput, WarmThroughput',
      );
    }
    index.throughput = changedThroughput(
      context,
      `index ${index.name}`,
      index.throughput,
      update.ProvisionedThroughput,
    );
  }
  if (update.WarmThroughput !== undefined) {
    const current = initialThroughput(table.billing, index.throughput, index.warm);
    index.warm = raisedWarmThroughput(`index ${index.name}`, current, update.WarmThroughput);
  }
  index.onDemand = update.OnDemandThroughput ?? index.onDemand;
}

/** Fills the new index with what the table has; items whose attributes do not fit its key stay out of it. */
function addIndex(table: Table, input: IndexInput, definitions: readonly AttributeDefinition[]): void {
  if (table.indexes.some(({ name }) => name === input.IndexName)) {
    throw validationError('Attempting to create an index which already exists');
  }
  if (definitions.length === 0) {
    throw invalidParameters(`AttributeDefinitions is not specified for index: ${input.IndexName}`);
  }
  if (table.billing === 'PROVISIONED' && input.ProvisionedThroughput === undefined) {
    throw invalidParameters(
      `Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${input.IndexName}`,
    );
  }
  table.definitions = mergedDefinitions(table, input, definitionsOf(definitions));
  const index = globalIndex(input, table.definitions, table.billing);
  table.indexes = [...table.indexes, index];
  checkIndexes(table.indexes);
  walkStored(table.items, { low: undefined, high: undefined }, false, (_, stored) => {
    replaceIndexEntry(table, index, undefined, stored);
    return true;
  });
}

/** `subject` is `table` or `index NAME`. */
export function changedThroughput(
  context: Context<DynamoState>,
  subject: string,
  current: Throughput,
  input: ThroughputInput,
): Throughput {
  checkBounds(input);
  const read = input.ReadCapacityUnits ?? current.read;
  const write = input.WriteCapacityUnits ?? current.write;
  if (read === current.read && write === current.write) {
    throw validationError(
      `The provisioned throughput for the ${subject} will not change. The requested value equals the current value. ` +
        `Current ReadCapacityUnits provisioned for the ${subject}: ${read}. Requested ReadCapacityUnits: ${read}. ` +
        `Current WriteCapacityUnits provisioned for the ${subject}: ${write}. ` +
        `Requested WriteCapacityUnits: ${write}. ` +
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
