process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const { get } = require('node:https');
const { SQS } = require(process.argv[2]);

async function main() {
  const { QUEUE_URL: QueueUrl, CLIENT } = process.env;
  const sqs = new SQS();
  await sqs.sendMessage({ QueueUrl, MessageBody: CLIENT }).promise();
  const { Messages } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 5 }).promise();
  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }).promise();
  console.log(`received ${Messages[0].Body}`);
  get('https://example.com/').on('error', () => {});
}

void main();
