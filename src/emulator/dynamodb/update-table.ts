import type { Context } from '../core/types.ts';
import { type EncryptionInput, encryptionKeyOf } from './create-table.ts';
import { invalidParameters, validationError } from './errors.ts';
import { changedThroughput, type IndexUpdatesInput, updateIndexes } from './index-updates.ts';
import type { DynamoState, OnDemandThroughput, Table, WarmThroughput } from './state.ts';
import { namedTable } from './table-access.ts';
import { describe } from './table-description.ts';
import { initialThroughput, raisedWarmThroughput, type ThroughputInput } from './warm-throughput.ts';

interface UpdateTableInput extends IndexUpdatesInput {
  /** Refused when it asks for a stream. */
  StreamSpecification?: object;
  TableName: string;
  BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  ProvisionedThroughput?: ThroughputInput;
  OnDemandThroughput?: OnDemandThroughput;
  WarmThroughput?: WarmThroughput;
  SSESpecification?: EncryptionInput;
  TableClass?: string;
  DeletionProtectionEnabled?: boolean;
}

/** UpdateTable (API reference). What is checked is checked before anything changes; changes are done at once. */
export function updateTable(context: Context<DynamoState>, input: UpdateTableInput) {
  refuseNothing(input);
  refuseMixture(input);
  const table = namedTable(context, input.TableName);
  const next = { ...table, indexes: table.indexes.map((index) => ({ ...index })) };
  updateBilling(context, next, input);
  updateIndexes(context, next, input);
  if (input.OnDemandThroughput !== undefined) next.onDemand = input.OnDemandThroughput;
  if (input.WarmThroughput !== undefined) {
    const current = initialThroughput(next.billing, next.throughput, next.warm);
    next.warm = raisedWarmThroughput('table', current, input.WarmThroughput);
  }
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
  const updates = input.GlobalSecondaryIndexUpdates;
  const others = [
    input.ProvisionedThroughput,
    input.BillingMode,
    input.SSESpecification,
    input.TableClass,
    input.DeletionProtectionEnabled,
    input.OnDemandThroughput,
    input.WarmThroughput,
    input.StreamSpecification,
  ];
  if (others.some((parameter) => parameter !== undefined)) {
    if (updates?.length === 0) throw invalidParameters('List of GlobalSecondaryIndexUpdates is empty');
    return;
  }
  if (updates !== undefined && updates.length > 0) return;
  throw validationError(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
      'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, ' +
      'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
  );
}

/** Changes that AWS takes only by themselves. Wording and rules: ack-api-quirks, DDB-TABLE-174 and DDB-TABLE-442. */
const ALONE = {
  SSESpecification: 'Server-Side Encryption modification must be the only operation in the request',
  TableClass: 'TableClass modification must be the only operation in the request',
  DeletionProtectionEnabled: 'DeletionProtection modification must be the only operation in the request',
  WarmThroughput: 'WarmThroughput must be the only operation in the request',
} as const;

function refuseMixture(input: UpdateTableInput): void {
  const { TableName: _, AttributeDefinitions: __, ...changes } = input;
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  if (input.WarmThroughput !== undefined && updates.some(({ Create }) => Create !== undefined)) {
    throw invalidParameters('Create global secondary index cannot be specified when updating WarmThroughput');
  }
  const names = Object.keys(changes).filter((name) => changes[name as keyof typeof changes] !== undefined);
  if (names.length === 1) return;
  const alone = (Object.keys(ALONE) as (keyof typeof ALONE)[]).find((name) => input[name] !== undefined);
  if (alone !== undefined) throw invalidParameters(ALONE[alone]);
  const beside = names.filter((name) => name !== 'OnDemandThroughput' && name !== 'BillingMode');
  if (input.OnDemandThroughput !== undefined && beside.length > 0) {
    throw invalidParameters('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request');
  }
  const rebuilds = updates.some(({ Create, Delete }) => Create !== undefined || Delete !== undefined);
  if (rebuilds && input.ProvisionedThroughput !== undefined && input.BillingMode === undefined) {
    throw invalidParameters('You cannot create or delete index while updating table IOPS');
  }
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
  if (billing !== table.billing) {
    table.onDemand = undefined;
    for (const index of table.indexes) index.onDemand = undefined;
  }
  table.billing = billing;
  if (input.ProvisionedThroughput !== undefined) {
    table.throughput = changedThroughput(context, 'table', table.throughput, input.ProvisionedThroughput);
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
