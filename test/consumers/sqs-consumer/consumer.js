// A consumer as its users write it with sqs-consumer: takes orders from a queue and puts each down as paid.
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';

const sqs = new SQSClient();
const db = new DynamoDBClient();
const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: process.env.QUEUE }));

const app = Consumer.create({
  sqs,
  queueUrl: QueueUrl,
  waitTimeSeconds: 20,
  handleMessage: async (message) => {
    const { id } = JSON.parse(message.Body);
    const input = {
      TableName: 'orders',
      Key: { id: { S: id } },
      UpdateExpression: 'SET #s = :paid ADD times :one',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':one': { N: '1' } },
    };
    await db.send(new UpdateItemCommand(input));
    return message;
  },
});
app.on('error', (error) => console.error(error.message));
app.on('processing_error', (error) => console.error(error.message));
process.once('SIGINT', () => app.stop({ abort: true }));
app.start();
