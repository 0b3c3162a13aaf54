import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { invalidParameters, validationError } from './errors.ts';
import { type KeySchemaElement, keySchemaOf } from './key-schema.ts';
import type { DynamoState, OnDemandThroughput, Table, WarmThroughput } from './state.ts';
import { tableArn, tableNameOf } from './table-access.ts';
import {
  type AttributeDefinition,
  checkAllUsed,
  checkIndexes,
  definitionsOf,
  globalIndex,
  type IndexInput,
  localIndexes,
  throughputOf,
} from './table-definition.ts';
import { describeNew } from './table-description.ts';
import { checkTags, type Tag } from './tags.ts';
import { createTree } from './tree.ts';
import { checkNewWarmThroughput, type ThroughputInput } from './warm-throughput.ts';

export interface EncryptionInput {
  Enabled?: boolean;
  KMSMasterKeyId?: string;
}

interface CreateTableInput {
  TableName: string;
  AttributeDefinitions?: AttributeDefinition[];
  KeySchema?: KeySchemaElement[];
  LocalSecondaryIndexes?: IndexInput[];
  GlobalSecondaryIndexes?: IndexInput[];
  BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  ProvisionedThroughput?: ThroughputInput;
  OnDemandThroughput?: OnDemandThroughput;
  WarmThroughput?: WarmThroughput;
  SSESpecification?: EncryptionInput;
  TableClass?: string;
  DeletionProtectionEnabled?: boolean;
  Tags?: Tag[];
}

/** CreateTable (API reference). The table is ACTIVE at once, so that nothing has to wait for it. */
export function createTable(context: Context<DynamoState>, input: CreateTableInput) {
  checkBilling(input);
  const name = tableNameOf(context, input.TableName);
  if (name === undefined) throw validationError(`Invalid TableArn: ${input.TableName}`);
  const table = tableFrom(context, name, input);
  if (context.state.tables.has(name)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
  }
  context.state.tables.set(name, table);
  return { TableDescription: describeNew(table) };
}

function checkBilling({ BillingMode, ProvisionedThroughput }: CreateTableInput): void {
  if (BillingMode === 'PAY_PER_REQUEST') {
    if (ProvisionedThroughput === undefined) return;
    throw invalidParameters(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (ProvisionedThroughput?.ReadCapacityUnits && ProvisionedThroughput.WriteCapacityUnits) return;
  throw invalidParameters(
    'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  );
}

function tableFrom(context: Context<DynamoState>, name: string, input: CreateTableInput): Table {
  if (input.KeySchema === undefined || input.AttributeDefinitions === undefined) {
    throw invalidParameters('KeySchema and AttributeDefinitions must be specified');
  }
  const billing = input.BillingMode ?? 'PROVISIONED';
  const throughput = throughputOf(input.ProvisionedThroughput);
  const definitions = definitionsOf(input.AttributeDefinitions);
  const key = keySchemaOf(input.KeySchema, definitions, 'table');
  const local = localIndexes(input.LocalSecondaryIndexes, key, definitions);
  if (input.GlobalSecondaryIndexes?.length === 0) {
    throw invalidParameters('List of GlobalSecondaryIndexes is empty');
  }
  const global = (input.GlobalSecondaryIndexes ?? []).map((index) => globalIndex(index, definitions, billing));
  const indexes = [...local, ...global];
  checkIndexes(indexes);
  checkAllUsed(definitions, key, indexes);
  checkNewWarmThroughput('table', input.WarmThroughput, billing, input.ProvisionedThroughput);
  return {
    name,
    id: context.uuid(),
    arn: tableArn(context, name),
    createdAt: context.now,
    definitions,
    key,
    items: createTree(),
    bytes: 0,
    indexes,
    billing,
    onDemandSince: billing === 'PAY_PER_REQUEST' ? context.now : undefined,
    throughput,
    onDemand: input.OnDemandThroughput,
    warm: input.WarmThroughput,
    tags: checkTags(new Map(), input.Tags ?? []),
    timeToLive: undefined,
    timeToLiveChangedAt: undefined,
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    tableClass: input.TableClass,
    tableClassChangedAt: undefined,
    encryptionKey: encryptionKeyOf(context, input.SSESpecification),
  };
}

export function encryptionKeyOf(context: Context<DynamoState>, input: EncryptionInput | undefined): string | undefined {
  if (input?.Enabled !== true) return undefined;
  const key = input.KMSMasterKeyId ?? 'alias/aws/dynamodb';
  return key.startsWith('arn:')
    ? key
    : `arn:aws:kms:${context.region}:${context.account}:${key.startsWith('alias/') ? key : `key/${key}`}`;
}
