// A consumer as its users write it: `make` makes its queue, table and messages, `consume` works until it is stopped.
import { CreateTableCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const sqs = new SQSClient(settings);
const dynamodb = new DynamoDBClient(settings);
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));

if (process.argv[2] === 'make') {
  const TableName = 'orders';
  const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' }];
  const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
  const BillingMode = 'PAY_PER_REQUEST';
  await dynamodb.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
  for (const id of ['a', 'b']) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ id }) }));
  }
  process.exit();
}

for (;;) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  for (const { Body, ReceiptHandle } of Messages) {
    const input = { TableName: 'orders', Key: { id: { S: JSON.parse(Body).id } }, UpdateExpression: 'ADD sold :one' };
    await dynamodb.send(new UpdateItemCommand({ ...input, ExpressionAttributeValues: { ':one': { N: '1' } } }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}
