// A worker that knows AWS's own addresses and nothing of an endpoint; prints what became of its calls as JSON.
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:tls';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

delete process.env.AWS_ENDPOINT_URL;
const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/jobs';

async function queue() {
  const sqs = new SQSClient({});
  await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages?.[0]?.Body;
}

async function bucket() {
  const s3 = new S3Client({});
  const place = { Bucket: 'my.bucket', Key: 'a/b c' };
  await s3.send(new CreateBucketCommand({ Bucket: place.Bucket }));
  await s3.send(new PutObjectCommand({ ...place, Body: 'x'.repeat(300_000) }));
  const { Body } = await s3.send(new GetObjectCommand(place));
  return (await Body.transformToString()).length;
}

const outcome = (work) => work.then(String, (error) => (error.cause ?? error).message);
const fetched = (url) => outcome(fetch(url).then(({ status }) => status));
const got = (request) => outcome(once(request, 'response').then(([answer]) => answer.resume() && answer.statusCode));
const secured = (port, host) => {
  const socket = connect(port, host);
  return outcome(once(socket, 'secureConnect').then(() => socket.destroy() && 'connected'));
};

async function here() {
  const server = createServer((_, response) => void response.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const status = await fetched(`http://127.0.0.1:${server.address().port}/`);
  server.close();
  server.closeAllConnections();
  return status;
}

console.log(
  JSON.stringify({
    queue: await outcome(queue()),
    bucket: await outcome(bucket()),
    https: await got(getSecurely('https://sqs.us-east-1.amazonaws.com/')),
    http: await got(get('http://sqs.us-east-1.amazonaws.com/')),
    fetch: await fetched('https://sqs.eu-west-1.api.aws/'),
    tls: await secured(443, 'sns.us-east-1.amazonaws.com'),
    here: await here(),
    foreign: await fetched('https://example.com/'),
    plain: await got(get('http://example.com/')),
    address: await got(getSecurely('https://192.0.2.1/')),
    database: await secured(5432, 'shop.abc.us-east-1.rds.amazonaws.com'),
  }),
);
process.exit(0);
