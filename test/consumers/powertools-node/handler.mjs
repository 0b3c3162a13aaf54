// A Lambda handler as its users write it with Powertools: batches in part, and each order paid once.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const db = new DynamoDBClient();
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'idempotency' });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'messageId', throwOnNoIdempotencyKey: true });
const processor = new BatchProcessor(EventType.SQS);

const pay = makeIdempotent(
  async (record) => {
    const { id } = JSON.parse(record.body);
    const input = {
      TableName: 'orders',
      Key: { id: { S: id } },
      UpdateExpression: 'SET #s = :paid ADD times :one',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':one': { N: '1' } },
    };
    await db.send(new UpdateItemCommand(input));
    return { id };
  },
  { persistenceStore, config },
);

export const handler = async (event, context) => {
  config.registerLambdaContext(context);
  return processPartialResponse(event, pay, processor, { context, throwOnFullBatchFailure: false });
};
