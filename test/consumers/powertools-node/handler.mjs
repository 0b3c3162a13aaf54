// A Lambda handler as its users write it with Powertools: batches in part, and each order paid once.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const db = new DynamoDBClient();
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'idempotency' });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true });
const processor = new BatchProcessor(EventType.SQS);

const pay = makeIdempotent(
  async ({ id }) => {
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

const payRecord = (record) => pay(JSON.parse(record.body));

export const handler = async (event, context) => {
  config.registerLambdaContext(context);
  return processPartialResponse(event, payRecord, processor, { context, throwOnFullBatchFailure: false });
};
