import { createRequire } from 'node:module';

const { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } = createRequire(
  `${process.argv[2]}/package.json`,
)('@aws-sdk/client-sqs');

const { QUEUE_URL: QueueUrl, CLIENT } = process.env;
const sqs = new SQSClient({});
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: CLIENT }));
const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }));
console.log(`received ${Messages[0].Body}`);
await fetch('https://example.com/').catch(() => undefined);
