// Takes orders, sells and asks for a mail. It sells by read-then-write, and knows nothing of cliffracer.
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
const dynamodb = new DynamoDBClient({});
const urlOf = async (QueueName) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl;
const [orders, mails] = [await urlOf('orders'), await urlOf('mails')];
const TableName = 'stock';

for (;;) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: orders, WaitTimeSeconds: 20 }));
  for (const { Body, ReceiptHandle } of Messages) {
    const { sku, order } = JSON.parse(Body);
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: sku } } }));
    const left = { N: String(Number(Item.left.N) - 1) };
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Item, left } }));
    await sqs.send(new SendMessageCommand({ QueueUrl: mails, MessageBody: JSON.stringify({ order }) }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: orders, ReceiptHandle }));
  }
}
