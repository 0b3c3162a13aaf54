import { expect } from 'vitest';
import { Engine } from '../../../src/emulator/core/engine.ts';
import type { AwsError } from '../../../src/emulator/core/errors.ts';
import { dynamodb } from '../../../src/emulator/dynamodb/index.ts';

type Output = any;

export const START = Date.UTC(2026, 0, 1);

/** An engine with DynamoDB alone, on a frozen clock. */
export function dynamo() {
  const engine = new Engine({
    services: [dynamodb],
    host: { now: () => START, after: () => () => {} },
    seed: 1,
    frozenAt: START,
  });
  const call = (operation: string, input: unknown = {}): Promise<Output> =>
    engine.call({ service: 'dynamodb', operation, input, account: '000000000000', region: 'us-east-1' });
  const fails = async (operation: string, input: unknown): Promise<AwsError> => {
    const outcome = await call(operation, input).then(
      (output) => ({ output }),
      (error: unknown) => ({ error }),
    );
    expect(outcome, `${operation} should have failed`).toHaveProperty('error');
    return (outcome as { error: AwsError }).error;
  };
  /** The message of the ValidationException that an operation fails with. */
  const refusal = async (operation: string, input: unknown): Promise<string> => {
    const error = await fails(operation, input);
    expect(error).toMatchObject({ code: 'ValidationException', status: 400 });
    return error.message;
  };
  return { engine, call, fails, refusal };
}

export type Dynamo = ReturnType<typeof dynamo>;

/** Table `items` with the key `pk`. */
export async function simpleTable(name = 'items'): Promise<Dynamo> {
  const world = dynamo();
  await world.call('CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  return world;
}

const PROJECTIONS = {
  all: { ProjectionType: 'ALL' },
  include: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
  keys: { ProjectionType: 'KEYS_ONLY' },
};

export const INDEXED_TABLE = {
  TableName: 'indexed',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gpk', 'lsk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    { IndexName: 'gsi', KeySchema: [{ AttributeName: 'gpk', KeyType: 'HASH' }], Projection: PROJECTIONS.include },
    {
      IndexName: 'gsi-all',
      KeySchema: [
        { AttributeName: 'gpk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Projection: PROJECTIONS.all,
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'lsi',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'lsk', KeyType: 'RANGE' },
      ],
      Projection: PROJECTIONS.keys,
    },
  ],
};

/** Table `indexed` with the key `pk`, `sk`, global indexes on `gpk` and a local one on `lsk`. */
export async function indexedTable(): Promise<Dynamo> {
  const world = dynamo();
  await world.call('CreateTable', INDEXED_TABLE);
  return world;
}

/** Plain strings and numbers as an item. */
export function item(attributes: Record<string, string | number>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
}

/** What PutItem, UpdateItem, DeleteItem and Query say of a request that is wrong whatever the table is. */
export function detected(message: string): string {
  return `1 validation error detected: ${message}`;
}
