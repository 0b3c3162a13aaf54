import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Trial } from './behaviour.ts';
import { until } from './expectations.ts';

export interface TrialTable {
  db: DynamoDBClient;
  TableName: string;
  put(item: Record<string, AttributeValue>, condition?: object): Promise<unknown>;
}

export const definition = (TableName: string): CreateTableCommandInput => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['id', 'group', 'at'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by_group',
      KeySchema: [
        { AttributeName: 'group', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

/** A table with the key `id` and an index by `group` and `at`, for the time of `use`. */
export async function withTable<T>(trial: Trial, use: (table: TrialTable) => Promise<T>): Promise<T> {
  const db = await trial.clients.dynamodb();
  const TableName = trial.name;
  await db.send(new CreateTableCommand(definition(TableName)));
  const active = async () =>
    (await db.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus === 'ACTIVE' || undefined;
  try {
    await until(trial, active, 60_000);
    const put: TrialTable['put'] = (Item, condition = {}) =>
      db.send(new PutItemCommand({ TableName, Item, ...condition }));
    return await use({ db, TableName, put });
  } finally {
    await db.send(new DeleteTableCommand({ TableName }));
  }
}
